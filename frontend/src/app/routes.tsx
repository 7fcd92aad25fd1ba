/**
 * @module app/routes
 * The map of screens. Each page is a bundle of its own, loaded when it is first shown.
 */
import type { ComponentType, ReactNode } from "react";
import { Navigate, type RouteObject } from "react-router";
import type { AppRole } from "../lib/carekey.tsx";
import { roleHome } from "../lib/roles.ts";
import { AppLayout } from "./layout.tsx";
import { NotFoundPage, RouteError } from "./route-error.tsx";

type Page = { Component: ComponentType };

/** Loads a page's module and picks its component. */
function page<Name extends string>(
  load: () => Promise<Record<Name, ComponentType>>,
  name: Name,
): { lazy: () => Promise<Page> } {
  return { lazy: async () => ({ Component: (await load())[name] }) };
}

const shared: RouteObject[] = [
  { path: "me", ...page(() => import("../features/identity/me-page.tsx"), "MePage") },
  {
    path: "me/recovery-kit",
    ...page(() => import("../features/identity/recovery-kit-page.tsx"), "RecoveryKitPage"),
  },
  {
    path: "notifications",
    ...page(() => import("../features/notifications/notifications-page.tsx"), "NotificationsPage"),
  },
  { path: "me/new-keys", ...page(() => import("../features/identity/new-keys-page.tsx"), "NewKeysPage") },
  { path: "me/guardian-of", ...page(() => import("../features/identity/succession/wards-page.tsx"), "WardsPage") },
];

const sharedCharts: RouteObject = {
  path: "patients/:address",
  ...page(() => import("../features/care/patient-chart-page.tsx"), "PatientChartPage"),
};
const patients: RouteObject = {
  path: "patients",
  ...page(() => import("../features/care/patients-page.tsx"), "PatientsPage"),
};

const pages: Readonly<Record<AppRole, RouteObject[]>> = {
  patient: [
    { path: "home", ...page(() => import("../features/records/home-page.tsx"), "HomePage") },
    { path: "records", ...page(() => import("../features/records/records-page.tsx"), "RecordsPage") },
    { path: "records/:entryId", ...page(() => import("../features/records/record-page.tsx"), "RecordPage") },
    { path: "sharing", ...page(() => import("../features/consent/sharing-page.tsx"), "SharingPage") },
    {
      path: "me/guardians",
      ...page(() => import("../features/identity/succession/guardians-page.tsx"), "GuardiansPage"),
    },
    { path: "me/new-wallet", ...page(() => import("../features/identity/succession/move-page.tsx"), "MovePage") },
    { path: "me/emergency", ...page(() => import("../features/consent/emergency-page.tsx"), "EmergencyPage") },
    {
      path: "me/emergency/card",
      ...page(() => import("../features/consent/emergency-card-page.tsx"), "EmergencyCardPage"),
    },
    { path: "activity", ...page(() => import("../features/audit/activity-page.tsx"), "ActivityPage") },
    sharedCharts,
  ],
  clinician: [
    { path: "today", ...page(() => import("../features/care/today-page.tsx"), "TodayPage") },
    { path: "emergency", ...page(() => import("../features/care/emergency-page.tsx"), "EmergencyPage") },
    { path: "emergency/:address", ...page(() => import("../features/care/emergency-page.tsx"), "EmergencyPage") },
    patients,
    sharedCharts,
    { path: "inbox", ...page(() => import("../features/care/inbox-page.tsx"), "InboxPage") },
  ],
  organisation: [
    {
      path: "organisation",
      ...page(() => import("../features/care/organisation/organisation-page.tsx"), "OrganisationPage"),
    },
    patients,
    sharedCharts,
  ],
  registrar: [
    { path: "applications", ...page(() => import("../features/governance/applications-page.tsx"), "ApplicationsPage") },
    { path: "emergencies", ...page(() => import("../features/governance/emergencies-page.tsx"), "EmergenciesPage") },
    { path: "log", ...page(() => import("../features/governance/act-log-page.tsx"), "ActLogPage") },
  ],
};

function ToHome({ role }: { role: AppRole }): ReactNode {
  return <Navigate to={roleHome[role]} replace />;
}

/** The routes of a role. Screens of other roles are not there. */
export function createRoutes(role: AppRole): RouteObject[] {
  const paths = Object.values(pages).flatMap((routes) => routes.map(({ path }) => path));
  const otherPaths = [...new Set(paths)].filter((path) => !pages[role].some((own) => own.path === path));
  return [
    {
      path: "/",
      Component: AppLayout,
      ErrorBoundary: RouteError,
      HydrateFallback: () => null,
      children: [
        {
          ErrorBoundary: RouteError,
          children: [
            { index: true, element: <ToHome role={role} /> },
            ...pages[role],
            ...shared,
            ...otherPaths.map((path) => ({ path, element: <ToHome role={role} /> })),
            { path: "*", Component: NotFoundPage },
          ],
        },
      ],
    },
  ];
}

/**
 * @module app/tabs
 * The tabs of each role.
 */
import {
  IconAmbulance,
  IconBuildingHospital,
  IconCalendarHeart,
  IconEye,
  IconFileText,
  IconHome,
  IconInbox,
  IconListDetails,
  IconRosetteDiscountCheck,
  IconShare3,
  IconUserCircle,
  IconUsers,
  type Icon,
} from "@tabler/icons-react";
import type { AppRole } from "../lib/carekey.tsx";

/** One tab. */
export type Tab = { path: string; label: string; icon: Icon };

const me: Tab = { path: "/me", label: "Me", icon: IconUserCircle };

const tabs: Readonly<Record<AppRole, readonly Tab[]>> = {
  patient: [
    { path: "/home", label: "Home", icon: IconHome },
    { path: "/records", label: "Records", icon: IconFileText },
    { path: "/sharing", label: "Sharing", icon: IconShare3 },
    { path: "/activity", label: "Activity", icon: IconEye },
    me,
  ],
  clinician: [
    { path: "/today", label: "Today", icon: IconCalendarHeart },
    { path: "/patients", label: "Patients", icon: IconUsers },
    { path: "/inbox", label: "Inbox", icon: IconInbox },
    me,
  ],
  organisation: [
    { path: "/organisation", label: "Organisation", icon: IconBuildingHospital },
    { path: "/patients", label: "Patients", icon: IconUsers },
    me,
  ],
  registrar: [
    { path: "/applications", label: "Applications", icon: IconRosetteDiscountCheck },
    { path: "/emergencies", label: "Emergencies", icon: IconAmbulance },
    { path: "/log", label: "Log", icon: IconListDetails },
    me,
  ],
};

/** The tabs of a role, in order. */
export function tabsOf(role: AppRole): readonly Tab[] {
  return tabs[role];
}

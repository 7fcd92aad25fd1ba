/**
 * @module app/layout
 * The unlocked app's frame: side bar on a desk, bottom bar on a phone, skip link, banners, and the screen.
 */
import { Button, SegmentedControl } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { NavLink, Outlet, ScrollRestoration, useNavigation } from "react-router";
import { Logo } from "../components/logo.tsx";
import { useCarekey } from "../lib/carekey.tsx";
import { roleNames } from "../lib/roles.ts";
import { Banners } from "./banners.tsx";
import { Bell, useUnread } from "./bell.tsx";
import { EmergencyBanner } from "./emergency-banner.tsx";
import { OnTheWay } from "./on-the-way.tsx";
import { SuccessionBanner } from "./succession-banner.tsx";
import { tabsOf, type Tab } from "./tabs.ts";
import classes from "./layout.module.css";

/** Draws the frame around the routes. */
export function AppLayout(): ReactNode {
  const { role, lock } = useCarekey();
  const isLoading = useNavigation().state === "loading";
  const tabs = tabsOf(role);
  const unread = useUnread();
  return (
    <div className={classes.root}>
      <a href="#main" className={classes.skip}>
        Skip to the content
      </a>
      <aside className={`${classes.side} no-print`}>
        <div className={classes.logo}>
          <Logo />
        </div>
        <RoleSwitch />
        <Bell className={classes.sideLink!} unread={unread} />
        <nav aria-label="Main" className={classes.sideNav}>
          {tabs.map((tab) => (
            <TabLink key={tab.path} tab={tab} className={classes.sideLink!} />
          ))}
        </nav>
        <Button
          variant="subtle"
          color="gray"
          justify="flex-start"
          leftSection={<IconLock size={22} aria-hidden />}
          onClick={lock}
          className={classes.lock}
        >
          Lock now
        </Button>
      </aside>
      <div className={classes.page}>
        <header className={`${classes.top} no-print`}>
          <Logo />
          <Bell className={classes.topBell!} unread={unread} />
          <Button
            variant="default"
            className={classes.topLock}
            leftSection={<IconLock size={20} aria-hidden />}
            onClick={lock}
          >
            Lock
          </Button>
        </header>
        <aside className={`${classes.topRoles} no-print`}>
          <RoleSwitch />
        </aside>
        <Banners />
        <EmergencyBanner />
        <SuccessionBanner />
        <OnTheWay />
        <main id="main" tabIndex={-1} className={classes.main} aria-busy={isLoading}>
          <Outlet />
        </main>
      </div>
      <nav aria-label="Main" className={`${classes.bottom} no-print`}>
        {tabs.map((tab) => (
          <TabLink key={tab.path} tab={tab} className={classes.bottomLink!} />
        ))}
      </nav>
      <ScrollRestoration />
    </div>
  );
}

function TabLink({ tab, className }: { tab: Tab; className: string }): ReactNode {
  const Icon = tab.icon;
  return (
    <NavLink to={tab.path} className={className}>
      <Icon size={24} stroke={1.7} aria-hidden="true" />
      <span>{tab.label}</span>
    </NavLink>
  );
}

function RoleSwitch(): ReactNode {
  const { role, roles, setRole } = useCarekey();
  if (roles.length < 2) return null;
  return (
    <SegmentedControl
      fullWidth
      className={classes.roles}
      aria-label="What you are here for"
      data={roles.map((value) => ({ value, label: roleNames[value] }))}
      value={role}
      onChange={(value) => setRole(value)}
    />
  );
}

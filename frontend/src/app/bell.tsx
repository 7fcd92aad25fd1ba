/**
 * @module app/bell
 * The way to the notifications, with the number of those unread.
 */
import { Badge, VisuallyHidden } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useEffect, useRef, type ReactNode } from "react";
import { NavLink } from "react-router";
import { announce } from "../lib/announce.ts";
import { useNewsStream, useUnreadWakeUps } from "../lib/notifications.ts";
import { useDeviceNews } from "../lib/use-device-news.ts";
import classes from "./layout.module.css";

/** How much is unread, kept fresh while the app is unlocked, and said to screen readers when it grows. Used once, by the frame. */
export function useUnread(): number {
  useNewsStream();
  const wakeUps = useUnreadWakeUps();
  const { unread: ofDevice } = useDeviceNews();
  const unread = wakeUps + ofDevice;
  const before = useRef(unread);
  useEffect(() => {
    if (unread > before.current) announce(labelOf(unread));
    before.current = unread;
  }, [unread]);
  return unread;
}

/** The bell. */
export function Bell({ className, unread }: { className: string; unread: number }): ReactNode {
  return (
    <NavLink to="/notifications" className={className}>
      <IconBell size={24} stroke={1.7} aria-hidden="true" />
      <VisuallyHidden>{labelOf(unread)}</VisuallyHidden>
      <span className={classes.bellWord} aria-hidden="true">
        Notifications
      </span>
      {unread > 0 && (
        <Badge className={classes.bellCount} circle={unread < 10} aria-hidden="true">
          {unread > 99 ? "99+" : unread}
        </Badge>
      )}
    </NavLink>
  );
}

function labelOf(unread: number): string {
  return unread === 0 ? "Notifications" : `Notifications, ${unread} unread`;
}

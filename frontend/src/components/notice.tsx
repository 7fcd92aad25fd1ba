/**
 * @module components/notice
 * A quiet box with an icon and words: neutral, accent, amber for "waiting for you", green for "verified", red for danger.
 */
import type { ReactNode } from "react";
import classes from "./notice.module.css";

/** What a notice means, which decides its colour. */
export type NoticeTone = "neutral" | "accent" | "waiting" | "good" | "danger";

/** Props of {@link Notice}. */
export type NoticeProps = {
  tone?: NoticeTone;
  icon?: ReactNode;
  title?: ReactNode;
  role?: "status" | "alert" | "note";
  children?: ReactNode;
};

/** A notice in the flow of a screen. */
export function Notice({ tone = "neutral", icon, title, role, children }: NoticeProps): ReactNode {
  return (
    <div className={classes.root} data-tone={tone} role={role}>
      {icon !== undefined && (
        <span className={classes.icon} aria-hidden="true">
          {icon}
        </span>
      )}
      <div className={classes.body}>
        {title !== undefined && <div className={classes.title}>{title}</div>}
        {children}
      </div>
    </div>
  );
}

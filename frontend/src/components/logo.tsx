/**
 * @module components/logo
 * The name with its mark.
 */
import type { ReactNode } from "react";
import classes from "./logo.module.css";

/** Mark and name. */
export function Logo(): ReactNode {
  return (
    <span className={classes.root}>
      <svg width="32" height="32" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#0f5f63" />
        <path d="M16 7v18M7 16h18" stroke="#fff" strokeWidth="3.2" strokeLinecap="round" />
        <circle cx="16" cy="16" r="4.2" fill="#0f5f63" stroke="#fff" strokeWidth="2.4" />
      </svg>
      <span>Carekey</span>
    </span>
  );
}

/**
 * @module features/identity/landing-drawing
 * A record sheet whose key is held by a hand's reach: the idea of the product as a line drawing.
 */
import type { ReactNode } from "react";
import classes from "./landing-drawing.module.css";

/** Decoration of the first page. */
export function LandingDrawing(): ReactNode {
  return (
    <svg className={classes.root} viewBox="0 0 420 340" aria-hidden="true">
      <circle className={classes.halo} cx="220" cy="170" r="150" />
      <g className={classes.sheet}>
        <rect x="92" y="40" width="196" height="248" rx="16" />
        <path className={classes.line} d="M124 92h84M124 122h132M124 152h108" />
        <path className={classes.accent} d="M118 214h32l12-30 20 58 18-44 10 16h50" />
      </g>
      <g className={classes.badge}>
        <circle cx="296" cy="226" r="62" />
        <path className={classes.key} d="M270 226a16 16 0 1 0 32 0 16 16 0 1 0-32 0Zm32 0h34v14m-14-14v10" />
      </g>
    </svg>
  );
}

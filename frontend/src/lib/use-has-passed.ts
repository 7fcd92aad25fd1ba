/**
 * @module lib/use-has-passed
 * A moment that a screen waits for.
 */
import { useEffect, useReducer } from "react";

/** The longest that a browser's timer can wait, milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

/** Whether a moment (seconds) has passed; draws again when it does. */
export function useHasPassed(moment: number, now: () => number): boolean {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const left = Math.max(0, moment - now()) * 1000;
  useEffect(() => {
    if (left === 0) return undefined;
    const timer = setTimeout(redraw, Math.min(left + 500, LONGEST_MS));
    return () => clearTimeout(timer);
  });
  return left === 0;
}

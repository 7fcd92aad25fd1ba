/**
 * @module lib/use-leave-warning
 * Lets the browser ask before a tab is closed that holds something which is nowhere else yet.
 */
import { useEffect } from "react";

/** Warns while `isActive`. */
export function useLeaveWarning(isActive: boolean): void {
  useEffect(() => {
    if (!isActive) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isActive]);
}

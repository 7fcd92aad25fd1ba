/**
 * @module lib/use-idle-lock
 * Locks after idle minutes, with a countdown in the last one. Measured by the clock, so that a laptop that slept locks at once.
 */
import { useEffect, useEffectEvent, useRef, useState } from "react";

/** How long before it the countdown shows, milliseconds. */
export const IDLE_WARNING_MS = 60_000;

const ACTIVITY = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

/**
 * Watches for activity and calls `onIdle` when there was none for that many minutes.
 * @returns the seconds left while the countdown shows, else null; and how to stay.
 */
export function useIdleLock(onIdle: () => void, minutes: number): { secondsLeft: number | null; stay: () => void } {
  const [secondsLeft, setSecondsLeft] = useState<number | null>(null);
  const lastActive = useRef(0);
  const warned = useRef(false);
  const lock = useEffectEvent(onIdle);

  const stay = () => {
    lastActive.current = Date.now();
    warned.current = false;
    setSecondsLeft(null);
  };

  useEffect(() => {
    lastActive.current = Date.now();
    // Once the countdown shows, only a deliberate answer counts, not a hand brushing the mouse.
    const note = () => {
      if (!warned.current) lastActive.current = Date.now();
    };
    const check = () => {
      const left = lastActive.current + minutes * 60_000 - Date.now();
      if (left <= 0) return lock();
      warned.current = left <= IDLE_WARNING_MS;
      setSecondsLeft(warned.current ? Math.ceil(left / 1000) : null);
    };
    const timer = setInterval(check, 1_000);
    for (const type of ACTIVITY) window.addEventListener(type, note, { passive: true, capture: true });
    document.addEventListener("visibilitychange", check);
    return () => {
      clearInterval(timer);
      for (const type of ACTIVITY) window.removeEventListener(type, note, { capture: true });
      document.removeEventListener("visibilitychange", check);
    };
  }, [minutes]);

  return { secondsLeft, stay };
}

/**
 * @module lib/announce
 * Says short sentences to screen readers, and shows them as a quiet toast when asked.
 */

type Listener = (text: string) => void;
const listeners = new Set<Listener>();

/** Reads `text` out politely. */
export function announce(text: string): void {
  for (const listener of listeners) listener(text);
}

/** Subscribes to announcements; returns how to stop. */
export function onAnnouncement(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

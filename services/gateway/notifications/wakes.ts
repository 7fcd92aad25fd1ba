/**
 * @module services/gateway/notifications/wakes
 * Who waits for news in this process. Holds no news: whoever is woken reads them from the database.
 */
import type { Wakes } from "./types.ts";

/** A hub without listeners. */
export function createWakes(): Wakes {
  const listeners = new Map<string, Set<() => void>>();
  return {
    publish(people) {
      for (const person of new Set(people)) for (const listener of listeners.get(person) ?? []) listener();
    },
    subscribe(person, listener) {
      const own = listeners.get(person) ?? new Set();
      listeners.set(person, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0 && listeners.get(person) === own) listeners.delete(person);
      };
    },
  };
}

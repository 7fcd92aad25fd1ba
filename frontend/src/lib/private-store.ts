/**
 * @module lib/private-store
 * Where this browser keeps ciphertext of the private state, so that a reload need not fetch it again. Never holds plaintext.
 */
import type { PrivateStore } from "@carekey/sdk/client";

const DATABASE = "carekey";
const TABLE = "private";

function asPromise<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser's store failed"));
  });
}

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= (() => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    return asPromise(request);
  })();
  return opened;
}

/** A store in IndexedDB. Where the browser has none (private windows of some), it forgets instead of failing. */
export function openPrivateStore(): PrivateStore {
  return {
    async get(key) {
      try {
        const table = (await open()).transaction(TABLE).objectStore(TABLE);
        const value: unknown = await asPromise(table.get(key) as IDBRequest<unknown>);
        return value instanceof Uint8Array ? value : null;
      } catch {
        return null;
      }
    },
    async put(key, value) {
      try {
        const table = (await open()).transaction(TABLE, "readwrite").objectStore(TABLE);
        await asPromise(table.put(value, key));
      } catch {
        // The next start fetches it again.
      }
    },
  };
}

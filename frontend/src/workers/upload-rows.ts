/**
 * @module workers/upload-rows
 * The upload queue's rows in IndexedDB. They hold sealed bytes under a random id: nothing about a file in clear.
 */
import { SdkError } from "@carekey/sdk/errors";
import type { RowStore } from "./upload-job.ts";

const DATABASE = "carekey-uploads";
const TABLE = "jobs";

/**
 * Opens the rows of this browser profile.
 * @throws SdkError STORAGE_FULL when the browser refuses to store, INTERNAL when it offers no IndexedDB.
 */
export async function openUploadRows(): Promise<RowStore> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
  const database = await settled(request);

  async function run<Result>(mode: IDBTransactionMode, act: (table: IDBObjectStore) => IDBRequest<Result>) {
    const transaction = database.transaction(TABLE, mode);
    const result = await settled(act(transaction.objectStore(TABLE)));
    return result;
  }

  return {
    async list() {
      const [ids, values] = await Promise.all([
        run("readonly", (table) => table.getAllKeys()),
        run<Uint8Array[]>("readonly", (table) => table.getAll()),
      ]);
      return ids.map((id, index) => ({ id: String(id), sealed: values[index]! }));
    },
    async put(id, sealed) {
      await run("readwrite", (table) => table.put(sealed, id));
    },
    async remove(id) {
      await run("readwrite", (table) => table.delete(id));
    },
  };
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => {
      const isFull = request.error?.name === "QuotaExceededError";
      reject(
        new SdkError(isFull ? "STORAGE_FULL" : "INTERNAL", "the browser could not store the upload queue", {
          cause: request.error,
        }),
      );
    };
  });
}

/**
 * @module features/records/uploads
 * The person's upload queue for screens. It lives as long as its query: locking clears all queries, which closes the queue.
 */
import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { Hex } from "@carekey/sdk/bytes";
import {
  addRecord,
  awaitActs,
  readChart,
  relayState,
  type ActOptions,
  type Carekey,
  type Person,
} from "@carekey/sdk/client";
import { isSdkError } from "@carekey/sdk/errors";
import { useAct, type Act } from "../../components/act.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { queryKeys } from "../../lib/query-keys.ts";
import { refresh } from "../../lib/refresh.ts";
import { deriveQueueKey, sealedJobStore } from "../../workers/upload-job.ts";
import { createUploadQueue, type UploadQueue, type UploadSnapshot } from "../../workers/upload-queue.ts";
import { openUploadRows } from "../../workers/upload-rows.ts";
import { uploaderFor } from "../../workers/uploader.ts";

const EMPTY: UploadSnapshot = { items: [], waiting: null, isLoaded: false };
const nothing = (): (() => void) => () => undefined;

/** The queue, once its rows were read, and what it holds now. */
export function useUploads(): { queue: UploadQueue | null; snapshot: UploadSnapshot; error: unknown } {
  const { carekey, person } = useCarekey();
  const queryClient = useQueryClient();
  const { data: queue = null, error } = useQuery({
    queryKey: uploadsKey(person),
    queryFn: () => openQueue(carekey, person, queryClient),
    staleTime: Infinity,
    gcTime: Infinity,
    refetchOnWindowFocus: false,
    retry: false,
    structuralSharing: false,
  });
  const snapshot = useSyncExternalStore(queue?.subscribe ?? nothing, queue?.snapshot ?? (() => EMPTY));
  return { queue, snapshot, error };
}

function uploadsKey(person: Person) {
  return ["uploads", person.address] as const;
}

async function openQueue(carekey: Carekey, person: Person, queryClient: QueryClient): Promise<UploadQueue> {
  const key = await deriveQueueKey(person.keys.vaultKey);
  const queue = createUploadQueue({
    jobs: sealedJobStore(await openUploadRows(), key),
    uploader: uploaderFor(carekey.deployment),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    nowMs: () => Date.now(),
    later: (call, delayMs) => {
      const timer = setTimeout(call, delayMs);
      return () => clearTimeout(timer);
    },
  });
  const goOn = () => queue.tryAgain();
  const stopWatching = queryClient.getQueryCache().subscribe(({ type, query }) => {
    if (type !== "removed" || query.state.data !== queue) return;
    queue.close();
    stopWatching();
    removeEventListener("online", goOn);
  });
  addEventListener("online", goOn);
  await queue.load();
  // What cannot be found out now is asked again before the file is sent a second time.
  void dropArrived(carekey, person, queue).catch(() => undefined);
  return queue;
}

/** Takes files out of the queue whose record arrived though this device never heard of it: the page was closed, or an answer lost. */
async function dropArrived(carekey: Carekey, person: Person, queue: UploadQueue): Promise<void> {
  for (const { id, state } of queue.snapshot().items) {
    if (state !== "ready") continue;
    if (await isInChart(carekey, person, queue.finished(id).sentAs, {})) await queue.remove(id);
  }
}

/** Adds finished uploads to the chart, one confirmation each. One that is refused or fails stays ready; those before it are in. */
export function useAddUploads(queue: UploadQueue | null): Act<readonly string[], number> {
  const { carekey, person } = useCarekey();
  const queryClient = useQueryClient();
  return useAct(
    async (ids: readonly string[], options: ActOptions) => {
      let added = 0;
      for (const id of ids) {
        if (queue === null) break;
        await addOne(carekey, person, queue, id, {
          ...options,
          onStep: (step) =>
            options.onStep?.(
              ids.length === 1 ? step : { ...step, label: `${added + 1} of ${ids.length}: ${step.label}` },
            ),
        });
        added += 1;
        void refresh(queryClient, queryKeys.records);
        void refresh(queryClient, queryKeys.chart(person.address));
      }
      return added;
    },
    {
      invalidate: [queryKeys.usage(person.address)],
      done: (added) => (added === 1 ? "One file is in your records." : `${added} files are in your records.`),
    },
  );
}

/** Whether one of these records has arrived, now that nothing of this person is on its way any more. */
async function isInChart(
  carekey: Carekey,
  person: Person,
  pointers: readonly Hex[],
  options: ActOptions,
): Promise<boolean> {
  if (pointers.length === 0) return false;
  await awaitActs(carekey, (await relayState(carekey)).open, options);
  const { entries } = await readChart(carekey, person.address);
  return entries.some(({ pointer }) => pointers.includes(pointer));
}

async function addOne(
  carekey: Carekey,
  person: Person,
  queue: UploadQueue,
  id: string,
  options: ActOptions,
): Promise<void> {
  const { sentAs, ...upload } = queue.finished(id);
  try {
    if (!(await isInChart(carekey, person, sentAs, options))) {
      await addRecord(carekey, person, upload, { ...options, onSealed: (pointer) => queue.sending(id, pointer) });
    }
  } catch (error) {
    if (isSdkError(error, "NOT_FOUND")) await queue.lost(id);
    throw error;
  }
  await queue.remove(id);
}

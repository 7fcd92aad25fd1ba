/**
 * @module features/consent/use-rotation
 * New keys after sharing ended: what is due, and the act in the background. It belongs to the app, not to a screen, so it goes on
 * while the person moves about; after a reload the chain still says what is due.
 */
import { useMutation, useMutationState, useQuery, useQueryClient } from "@tanstack/react-query";
import { rotateDue, rotationsDue } from "@carekey/sdk/client";
import { announce } from "../../lib/announce.ts";
import { useCarekey } from "../../lib/carekey.tsx";
import { queryKeys } from "../../lib/query-keys.ts";
import { refresh } from "../../lib/refresh.ts";

/** The rotation as screens show it. */
export type Rotation = {
  /** Names of the parts that need a new key. */
  due: readonly string[];
  isRunning: boolean;
  /** Why the last try did not end well; null otherwise. */
  error: unknown;
  /** Begins in the background; nothing while it runs. */
  start: () => void;
};

/** What is due, and the way to do it. */
export function useRotation(): Rotation {
  const { carekey, person } = useCarekey();
  const queryClient = useQueryClient();
  const mutationKey = ["rotation", person.address];
  const due = useQuery({
    queryKey: queryKeys.rotation(person.address),
    queryFn: () => rotationsDue(carekey, person),
  });
  const { mutate } = useMutation({
    mutationKey,
    networkMode: "always",
    retry: false,
    mutationFn: () => rotateDue(carekey, person),
    onSuccess: (rotated) => {
      if (rotated.length > 0) announce("New entries have a new key.");
    },
    onSettled: () => refresh(queryClient, queryKeys.consents),
  });
  const last = useMutationState({
    filters: { mutationKey, exact: true },
    select: ({ state }) => ({ status: state.status, error: state.error }),
  }).at(-1);
  const isRunning = last?.status === "pending";
  return {
    due: due.data ?? [],
    isRunning,
    error: last?.status === "error" ? last.error : null,
    start: () => {
      if (queryClient.isMutating({ mutationKey }) === 0) mutate();
    },
  };
}

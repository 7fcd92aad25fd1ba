/**
 * @module lib/known-keys
 * The keys that this person met before, which every profile is held against, and the confirming of one that changed.
 */
import { queryOptions } from "@tanstack/react-query";
import { pinKey, pinnedKeys, type PersonProfile } from "@carekey/sdk/client";
import { useCarekey, type UnlockedSession } from "./carekey.tsx";
import { queryKeys } from "./query-keys.ts";
import { useAct, type Act } from "./use-act.ts";

/** Who looks: whose pins count. */
export type Viewer = Pick<UnlockedSession, "carekey" | "person">;

/** The query of the viewer's pins, shared by all profiles on a screen. */
export function pinsQuery({ carekey, person }: Viewer) {
  return queryOptions({
    queryKey: queryKeys.pins(person.address),
    queryFn: () => pinnedKeys(carekey, person),
    staleTime: 60_000,
  });
}

/** Trusts the key of a profile as it was shown, after its digits were compared. */
export function useConfirmKey(onDone: () => void): Act<PersonProfile, void> {
  const { carekey, person } = useCarekey();
  return useAct(
    async ({ address, keyDocumentDigest }: PersonProfile) => {
      if (keyDocumentDigest !== null) await pinKey(carekey, person, address, keyDocumentDigest);
    },
    {
      invalidate: [
        queryKeys.people,
        queryKeys.consents,
        queryKeys.requests,
        queryKeys.notices(person.address),
        queryKeys.applications,
      ],
      onDone,
      done: (_, { name }) => `Confirmed. From now on this is the key of ${name}.`,
    },
  );
}

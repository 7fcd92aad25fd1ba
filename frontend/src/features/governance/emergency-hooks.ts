/**
 * @module features/governance/emergency-hooks
 * The registrar's review of emergency access.
 */
import type { Address, Hex } from "@carekey/sdk/bytes";
import { reviewEmergency } from "@carekey/sdk/client";
import { useAct, type Act } from "../../components/act.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { queryKeys } from "../../lib/query-keys.ts";

/** What a registrar finds. */
export type Finding = { id: Hex; requester: Address; justified: boolean };

/** Writes a finding down; without need the requester is suspended first. */
export function useReview(): Act<Finding, void> {
  const { carekey } = useCarekey();
  return useAct((finding: Finding, options) => reviewEmergency(carekey, finding, options), {
    invalidate: [queryKeys.emergencies, queryKeys.people],
    done: (_, { justified }) =>
      justified ? "Written down: there was need." : "Written down: there was no need. The licence is suspended.",
  });
}

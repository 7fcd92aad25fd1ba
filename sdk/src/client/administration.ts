/**
 * @module client/administration
 * The registrar's log: every administrative act on chain, and the applications that this registrar rejected, which leave no
 * trace there. Holds no medical fact, for registrars know none.
 */
import type { Address, Hex } from "../bytes.ts";
import type { AdministrativeEvent } from "../chain/index.ts";
import { timeOfBlock } from "./charts.ts";
import { listApplications } from "./licences.ts";
import { personOf } from "./people.ts";
import { pinnedKeys } from "./pins.ts";
import type { Carekey, Person } from "./types.ts";

/** One line of the log. `at` and `validUntil` in seconds. */
export type AdministrativeAct = {
  id: string;
  kind: AdministrativeEvent["kind"] | "rejected";
  account: Address;
  /** Name of whom it concerns. */
  name: string;
  by: Address;
  byName: string;
  at: number;
  validUntil: number | null;
  /** What the registrar noted for a rejection. */
  reason: string | null;
  /** Where the chain has it; null for a rejection. */
  chain: { txHash: Hex; blockNumber: bigint } | null;
};

/** All administrative acts, newest first. @throws SdkError CHAIN_UNAVAILABLE, NOT_SIGNED_IN, GATEWAY_UNAVAILABLE */
export async function listAdministrativeActs(carekey: Carekey, person: Person): Promise<AdministrativeAct[]> {
  const [events, applications, pins] = await Promise.all([
    carekey.chain.administrativeEvents(),
    listApplications(carekey, person),
    pinnedKeys(carekey, person),
  ]);
  const accounts = new Set(events.flatMap(({ account, by }) => [account, by]));
  const names = new Map(
    await Promise.all(
      [...accounts, person.address].map(
        async (address) => [address.toLowerCase(), (await personOf(carekey, address, pins)).name] as const,
      ),
    ),
  );
  const nameOf = (address: Address) => names.get(address.toLowerCase())!;
  const onChain = await Promise.all(
    events.map(async ({ blockNumber, logIndex, txHash, ...event }): Promise<AdministrativeAct> => ({
      ...event,
      id: `${txHash}/${logIndex}`,
      name: nameOf(event.account),
      byName: nameOf(event.by),
      at: await timeOfBlock(carekey, blockNumber),
      reason: null,
      chain: { txHash, blockNumber },
    })),
  );
  const rejected = applications.flatMap(({ id, from, name, decidedAt, status, reason }): AdministrativeAct[] =>
    status === "rejected" && decidedAt !== null
      ? [
          {
            id,
            kind: "rejected",
            account: from,
            name,
            by: person.address,
            byName: nameOf(person.address),
            at: decidedAt,
            validUntil: null,
            reason,
            chain: null,
          },
        ]
      : [],
  );
  // Acts of one second stay in the order of the chain.
  return [...rejected, ...onChain.reverse()].sort((left, right) => right.at - left.at);
}

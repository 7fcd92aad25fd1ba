/**
 * @module client/news-of-chain
 * What a transaction that woke somebody up is about. Pure: its events in, facts out.
 */
import type { Hex } from "../bytes.ts";
import type { TransactionEvents } from "../chain/index.ts";
import { VERDICT_APPROVE } from "../contracts/index.ts";
import type { NotificationKind } from "../gateway/index.ts";
import type { NewsFact } from "./notifications.ts";
import { sameAddress } from "./people.ts";
import type { Person } from "./types.ts";

/** A fact, and what has to be looked up to complete it. */
export type ChainFact = NewsFact & { consentId?: Hex; requestId?: Hex; decided?: Decided };

/** Entries that one act decided, also those of other authors. */
export type Decided = { approved: readonly Hex[]; denied: readonly Hex[] };

/** What the events say to this person; null when none of them is about this person in that way. */
export function newsOfEvents(
  events: TransactionEvents,
  kind: NotificationKind,
  { address }: Pick<Person, "address">,
): ChainFact | null {
  for (const event of events) {
    const fact = factOf(event, (account) => sameAddress(account, address));
    if (fact !== null && fact.kind === kind) return fact.fact;
  }
  return null;
}

type Found = { kind: NotificationKind; fact: ChainFact };

function factOf(event: TransactionEvents[number], isMe: (account: string) => boolean): Found | null {
  const found = (kind: NotificationKind, what: NewsFact["what"], rest: Partial<ChainFact> = {}): Found => ({
    kind,
    fact: { what, who: null, words: null, ...rest },
  });
  switch (event.eventName) {
    case "Submitted": {
      const { patient, author } = event.args;
      return isMe(patient) ? found("entry", "entry", { who: author }) : null;
    }
    case "Decided": {
      const { patient, entryId, verdict } = event.args;
      const isApproved = verdict === VERDICT_APPROVE;
      const decided = { approved: isApproved ? [entryId] : [], denied: isApproved ? [] : [entryId] };
      return found("decision", "decided", { who: patient, decided });
    }
    case "BatchDecided": {
      const { patient, approved, denied } = event.args;
      return found("decision", "decided", { who: patient, decided: { approved, denied } });
    }
    case "Granted":
    case "Revoked": {
      const what = event.eventName === "Granted" ? "shared" : "stopped";
      return isMe(event.args.patient) ? found("sharing", what, { consentId: event.args.consentId }) : null;
    }
    case "AllRevoked":
      return isMe(event.args.patient) ? found("sharing", "all-stopped") : null;
    case "KeyRotated":
      return isMe(event.args.account) ? found("key", "key") : null;
    case "Verified":
    case "Suspended":
    case "Restored": {
      const what = ({ Verified: "verified", Suspended: "suspended", Restored: "restored" } as const)[event.eventName];
      return isMe(event.args.account) ? found("licence", what) : null;
    }
    case "EmergencyRequested":
      return found("emergency", "emergency", { requestId: event.args.id });
    case "EmergencyCoSigned":
      return found("emergency", "emergency-confirmed", { requestId: event.args.id });
    case "EmergencyStopped":
      return found("emergency", "emergency-stopped", { requestId: event.args.id });
    case "EmergencyReviewed":
      return found("emergency", "emergency-reviewed", { requestId: event.args.id });
    case "GuardiansSet":
      return isMe(event.args.account) ? found("account", "guardians-changed") : null;
    case "Vetoed":
      return isMe(event.args.account) ? found("account", "objected") : null;
    case "Vouched": {
      const { predecessor, successor, guardian } = event.args;
      if (isMe(predecessor)) return found("account", "vouched-against", { who: guardian });
      return isMe(successor) ? found("account", "vouched-for", { who: guardian }) : null;
    }
    case "Succeeded": {
      const { predecessor, successor } = event.args;
      if (isMe(predecessor)) return found("account", "followed", { who: successor });
      return isMe(successor) ? found("account", "follows", { who: predecessor }) : null;
    }
    default:
      return null;
  }
}

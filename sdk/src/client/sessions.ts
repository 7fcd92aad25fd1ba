/**
 * @module client/sessions
 * Where a person is signed in. A sign-in opens two kinds of session: one at the gateway, by a cookie, and one at the keepers, by a
 * key of the tab that the wallet authorises. Ending means both.
 */
import { chainFailure } from "../chain/index.ts";
import { isSdkError } from "../errors.ts";
import type { OpenSession } from "../gateway/index.ts";
import { createSession, type KeeperClient } from "../keeper/index.ts";
import { addressOf } from "./context.ts";
import { keptFor } from "./kept.ts";
import type { ActOptions, Carekey, ViewSession } from "./types.ts";

/** How long a view session lasts, seconds: half of what keepers accept, so that a clock that is off does no harm. */
const SESSION_SECONDS = 4 * 3600;

const openSessionsOf = keptFor<Carekey, Set<ViewSession>>(() => new Set());

/** Opens a view session for this tab: one wallet signature, no prompt per view after it. @throws SdkError SIGNATURE_REFUSED */
export async function openViewSession(carekey: Carekey, options: ActOptions = {}): Promise<ViewSession> {
  options.onStep?.({ kind: "sign", label: "Sign that this tab may ask the keepers for you" });
  const session = await createSession({
    deployment: carekey.deployment,
    owner: addressOf(carekey),
    audience: "keepers",
    notAfter: carekey.now() + SESSION_SECONDS,
    sign: async (typedData) => {
      try {
        return await carekey.wallet.signTypedData({ ...typedData, account: carekey.wallet.account });
      } catch (error) {
        throw chainFailure(error);
      }
    },
  });
  openSessionsOf(carekey).add(session);
  return session;
}

/**
 * Ends every view session of this tab at the keepers, for a lock or a sign-out. A keeper that is away never hears of it; the key,
 * which nobody can copy, is forgotten with the tab all the same.
 * @returns how many keepers were told of each.
 */
export async function endViewSessions(carekey: Carekey): Promise<{ keepersTold: number }> {
  const sessions = [...openSessionsOf(carekey)];
  openSessionsOf(carekey).clear();
  const told = await Promise.all(
    sessions.map((session) => tellKeepers(carekey, (keeper) => keeper.endSession(session))),
  );
  return { keepersTold: Math.min(carekey.keepers.length, ...told) };
}

/** Ends the session at the gateway, and this tab's view sessions at the keepers. @throws SdkError GATEWAY_UNAVAILABLE */
export async function signOut(carekey: Carekey): Promise<void> {
  await endViewSessions(carekey);
  await carekey.gateway.signOut();
}

/** Where the person is signed in, newest first. @throws SdkError NOT_SIGNED_IN, GATEWAY_UNAVAILABLE */
export function listSessions(carekey: Carekey): Promise<OpenSession[]> {
  return carekey.gateway.sessions.list();
}

/**
 * Ends one other sign-in, or all others, and the view sessions of all other tabs: a fresh session, for which the wallet signs once,
 * ends its elders. Whoever is still signed in elsewhere signs once more there.
 * which: the id of a sign-in, or "others".
 * @returns the fresh session of this tab, and how many keepers were told.
 * @throws SdkError SIGNATURE_REFUSED: ended at the gateway, not at the keepers
 */
export async function endSessions(
  carekey: Carekey,
  which: OpenSession["id"] | "others",
  options: ActOptions = {},
): Promise<{ session: ViewSession; keepersTold: number }> {
  if (which === "others") await carekey.gateway.sessions.endOthers();
  else await carekey.gateway.sessions.end(which);
  const session = await openViewSession(carekey, options);
  options.onStep?.({ kind: "work", label: "Telling the keepers" });
  const keepersTold = await tellKeepers(carekey, (keeper) => keeper.endOtherSessions(session));
  return { session, keepersTold };
}

async function tellKeepers(carekey: Carekey, tell: (keeper: KeeperClient) => Promise<void>): Promise<number> {
  const outcomes = await Promise.allSettled(carekey.keepers.map(tell));
  for (const outcome of outcomes) {
    if (outcome.status === "rejected" && !isSdkError(outcome.reason)) throw outcome.reason;
  }
  return outcomes.filter(({ status }) => status === "fulfilled").length;
}

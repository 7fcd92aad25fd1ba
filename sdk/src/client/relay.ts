/**
 * @module client/relay
 * Acts without money: the gateway sends what the person signed, and pays. It can do nothing else with it, and when it does not,
 * the wallet sends the very same signature. What became of an act is read from the chain, never believed.
 */
import { encodeFunctionData } from "viem";
import type { Hex } from "../bytes.ts";
import { sendCall, simulateInTime, withAbi, type ContractCall, type SentCall } from "../chain/index.ts";
import { SdkError, isSdkError } from "../errors.ts";
import type { OpenAct, Relayed } from "../gateway/index.ts";
import { costOf, findOnChain, minedAct, type RawCall } from "./relay-chain.ts";
import type { ActOptions, Carekey, NotPaidReason } from "./types.ts";

/** How long a relayed act may take before the wallet is offered instead, milliseconds. */
const PATIENCE_MS = 180_000;
/** How often the gateway is asked whether it has sent an act again with a higher fee, milliseconds. */
const ASK_EVERY_MS = 2_000;

const WAITING = "Waiting for the network to confirm";
/** Failures after which the gateway may have taken an act all the same. */
const UNANSWERED: ReadonlySet<string> = new Set(["GATEWAY_UNAVAILABLE", "CHAIN_UNAVAILABLE", "INTERNAL", "MALFORMED"]);

/** What the gateway would do for this person now, as far as it can be asked. */
export type RelayState =
  | { available: true; reason: null; open: readonly OpenAct[] }
  | { available: false; reason: NotPaidReason; open: readonly OpenAct[] };

/** Whether the gateway would pay for this person now, and what is on its way. Never rejects: one that is silent pays for nothing. */
export async function relayState(carekey: Carekey): Promise<RelayState> {
  if (carekey.deployment.relayer === undefined) return { available: false, reason: "off", open: [] };
  try {
    const { available, reason, open } = await carekey.gateway.relay.offer();
    return available ? { available, reason: null, open } : { available, reason: reason ?? "unreachable", open };
  } catch (error) {
    if (!isSdkError(error)) throw error;
    return { available: false, reason: reasonOf(error), open: [] };
  }
}

/**
 * Waits until acts that were sent before, perhaps by a page that is closed now, have ended either way: what is done next must know.
 * @returns how many of them took effect; one that never comes is left behind after three minutes.
 * @throws SdkError CANCELLED, CHAIN_UNAVAILABLE
 */
export async function awaitActs(carekey: Carekey, acts: readonly OpenAct[], options: ActOptions = {}): Promise<number> {
  let done = 0;
  for (const act of acts) {
    try {
      if ((await follow(carekey, act, act, options, "Waiting for what you did before")) !== null) done += 1;
    } catch (error) {
      if (!isSdkError(error, "CONTRACT_REVERTED")) throw error;
    }
  }
  return done;
}

/**
 * Has a signed act (a `…BySig` call of any of the deployment's contracts) sent: by the gateway, which pays, and by the person's own
 * wallet when the gateway does not.
 * relay: what the gateway said it would do, when it was asked already.
 * @throws SdkError CONTRACT_REVERTED, CANCELLED | OUTCOME_UNKNOWN (the person would not pay), or as sendCall
 */
export async function sendSigned(
  carekey: Carekey,
  act: ContractCall,
  label: string,
  options: ActOptions,
  relay?: RelayState,
): Promise<SentCall> {
  const { available, reason: refusal } = relay ?? (await relayState(carekey));
  if (!available) return payFor(carekey, act, label, options, { reason: refusal });
  const signedIn = (await carekey.chain.block()).number;
  const call = rawCallOf(carekey, act);
  options.onStep?.({ kind: "work", label });
  let reason: NotPaidReason = "unreachable";
  let mayYetHappen = true;
  try {
    const sent = await follow(carekey, await carekey.gateway.relay.send(call), call, options, WAITING);
    if (sent !== null) return sent;
  } catch (error) {
    // Whatever the gateway says: whether the contract refuses is asked of the own node, before the wallet is.
    if (!isSdkError(error) || error.code === "CANCELLED") throw error;
    reason = reasonOf(error);
    mayYetHappen = UNANSWERED.has(error.code);
  }
  return payFor(carekey, act, label, options, { reason, handedOver: { since: signedIn, mayYetHappen } });
}

/** Why the own wallet has to pay; for an act that was handed to the gateway, since which block, and whether it is still to be reckoned with. */
type Why = { reason: NotPaidReason; handedOver?: { since: bigint; mayYetHappen: boolean } };

/**
 * Sends a call from the person's wallet, once the person knows what it costs and why. A signed act that took effect in the meantime,
 * by the gateway after all, is found and not sent again.
 * @throws SdkError CONTRACT_REVERTED before anything is asked, CANCELLED, OUTCOME_UNKNOWN, or as sendCall
 */
export async function payFor(
  carekey: Carekey,
  act: ContractCall,
  label: string,
  options: ActOptions,
  { reason, handedOver }: Why,
): Promise<SentCall> {
  try {
    if (reason !== "off" && options.confirmCost !== undefined) {
      const mayPay = await options.confirmCost({ ...(await costOf(carekey, act)), reason });
      if (!mayPay && handedOver?.mayYetHappen === true) {
        throw new SdkError("OUTCOME_UNKNOWN", "the gateway may have taken this act");
      }
      if (!mayPay) throw new SdkError("CANCELLED", "the person did not want to pay");
    }
    options.onStep?.({ kind: "send", label });
    return await sendCall({
      deployment: carekey.deployment,
      chain: carekey.chain,
      wallet: carekey.wallet,
      call: act,
      onSent: (txHash) => options.onStep?.({ kind: "wait", label: WAITING, txHash }),
    });
  } catch (error) {
    if (handedOver === undefined || !isSdkError(error, "CONTRACT_REVERTED")) throw error;
    const found = await findOnChain(carekey, rawCallOf(carekey, act), handedOver.since);
    if (found === null) throw error;
    return found;
  }
}

/** Asks the own node whether the contract would take a call of this person. @throws SdkError CONTRACT_REVERTED, CHAIN_UNAVAILABLE */
export async function simulateCall({ chain, deployment, wallet }: Carekey, call: ContractCall): Promise<void> {
  const account = wallet.account.address;
  await simulateInTime((blockTag) =>
    chain.publicClient.simulateContract({ ...withAbi(deployment, call), account, blockTag }),
  );
}

/** Waits for one of the relayed transactions. Null when the gateway gave up or took too long. */
async function follow(
  carekey: Carekey,
  relayed: Relayed,
  call: RawCall,
  options: ActOptions,
  label: string,
): Promise<SentCall | null> {
  const until = performance.now() + PATIENCE_MS;
  let state = relayed;
  let askedAt = performance.now();
  let shown: Hex | undefined;
  for (;;) {
    if (options.signal?.aborted) throw new SdkError("CANCELLED", "stopped by the person");
    const txHash = state.hashes.at(-1)!;
    if (txHash !== shown) options.onStep?.({ kind: "wait", label, txHash });
    shown = txHash;
    for (const hash of state.hashes) {
      const sent = await minedAct(carekey, hash, call);
      if (sent !== null) return sent;
    }
    if (state.state === "failed" || performance.now() > until) return null;
    await new Promise((resolve) => setTimeout(resolve, carekey.chain.publicClient.pollingInterval));
    if (performance.now() - askedAt < ASK_EVERY_MS) continue;
    askedAt = performance.now();
    state = await carekey.gateway.relay.state(state.id).catch((error: unknown) => {
      if (isSdkError(error)) return state; // the chain still tells
      throw error;
    });
  }
}

function reasonOf({ code, details }: SdkError): NotPaidReason {
  if (code === "RELAY_UNAVAILABLE") return details["reason"] as NotPaidReason;
  return code === "NOT_SIGNED_IN" ? "signed-out" : "unreachable";
}

function rawCallOf({ deployment }: Carekey, act: ContractCall): RawCall {
  const { address: to, ...call } = withAbi(deployment, act);
  return { to, data: encodeFunctionData(call) };
}

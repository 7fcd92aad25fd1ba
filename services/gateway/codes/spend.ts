/**
 * @module services/gateway/codes/spend
 * The one place where a one-time code is looked at. A try is counted before the comparison and forgotten after a right code.
 */
import type { Address } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";
import type { CodePurpose, CodeWay } from "@carekey/sdk/gateway";
import type { FactorWay, Ports } from "../ports.ts";
import { stepOf } from "./app-code.ts";
import { backupSecret, mailSecret } from "./secrets.ts";

/** A code that somebody typed. `purpose`: what it is asked for; "confirm" while the way is being turned on. */
export type TypedCode = { person: Address; purpose: CodePurpose | "confirm"; way: CodeWay; code: string };

/**
 * Uses up a code.
 * @throws SdkError OTP_OFF (this way is not on), OTP_LOCKED (`details.until`), OTP_WRONG (`details.triesLeft`): wrong, over, used,
 * of somebody else or for something else, all alike.
 */
export async function spendCode(ports: Ports, typed: TypedCode): Promise<void> {
  const { person, purpose, way } = typed;
  const factors = await ports.store.factors.of(person);
  const usable = factors.filter(({ isConfirmed }) => isConfirmed === (purpose !== "confirm"));
  if (!usable.some((factor) => way === "backup" || factor.way === way)) throw off();
  const claimed = await ports.store.codeTries.claim(person, way, ports.now());
  if ("lockedUntil" in claimed) {
    throw new SdkError("OTP_LOCKED", "too many wrong codes", { details: { way, until: claimed.lockedUntil } });
  }
  const sealed = usable.find((factor) => factor.way === way)?.sealed;
  if (!(await isRight(ports, typed, sealed))) {
    throw new SdkError("OTP_WRONG", "not a code that can be used now", { details: { way, ...claimed } });
  }
  await ports.store.codeTries.clear(person);
}

async function isRight(ports: Ports, typed: TypedCode, sealed: Uint8Array | undefined): Promise<boolean> {
  const { store, codeKey } = ports;
  const { person, way, code } = typed;
  const now = ports.now();
  if (way === "mail") return store.secrets.consume({ ...mailSecret(codeKey, typed), now });
  if (way === "backup") return store.secrets.consume({ ...backupSecret(codeKey, person, code), now });
  const step = sealed === undefined ? null : stepOf(codeKey.open(sealed, sealContext(person, way)), code, now);
  return step !== null && store.factors.takeStep(person, step);
}

/** What a way's secret is bound to when it is encrypted. */
export function sealContext(person: Address, way: FactorWay): string {
  return `${way}:${person}`;
}

/** The refusal for codes that are not turned on. */
export function off(): SdkError {
  return new SdkError("OTP_OFF", "this kind of one-time code is not turned on");
}

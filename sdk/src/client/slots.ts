/**
 * @module client/slots
 * Ways to unlock: the seed sealed under a passphrase, a passkey or a wallet's signature, saved at the gateway, which can open none of
 * them. The recovery code is the seed itself and is never saved.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { fromHex, toHex, utf8, type Hex } from "../bytes.ts";
import {
  newSlotSalt,
  openSecretSlot,
  openSlot,
  passkeySlotSchema,
  sealSecretSlot,
  sealSlot,
  slotSchema,
  walletSlotSchema,
  type PasskeySlot,
  type SecretSlot,
  type Slot,
  type SlotOwner,
  type WalletSlot,
} from "../crypto/index.ts";
import { SdkError } from "../errors.ts";
import type { StoredSlot } from "../gateway/index.ts";
import { isSignedByOwnKey } from "../keeper/index.ts";
import { domainFor } from "../signing.ts";
import { hashTypedData } from "viem/utils";
import { addressOf, signAct } from "./context.ts";
import type { ActOptions, Carekey, Person, WayToUnlock } from "./types.ts";

const PASSPHRASE_ID = "passphrase";
const WALLET_ID = "wallet";
/** What the wallet shows before it signs a slot open. */
const WALLET_WARNING =
  "This signature opens all my medical records. Whoever gets it, or steals this wallet, can read them. I sign it only in Carekey.";

/** A seed and the generation of keys that it belongs to. */
export type OpenedSeed = { seed: Uint8Array; generation: number };

/** What a passkey gave: the id of the credential and its PRF output for the salt that was asked with it. */
export type PasskeyAnswer = { credential: Hex; output: Uint8Array };

/** Asks the person for one of these passkeys. Each is asked with the salt of its own slot. */
export type AskPasskey = (candidates: readonly { credential: Hex; salt: Hex }[]) => Promise<PasskeyAnswer>;

/** What a new way to unlock holds: new keys that were begun open the present ones too, and go on working when they are in force. */
export function newestSeed(person: Person): OpenedSeed {
  const { seed, generation } = person.next ?? person.keys;
  return { seed, generation };
}

/** Whom this wallet's slots belong to. */
function slotOwner(carekey: Carekey): SlotOwner {
  return { chainId: carekey.deployment.chainId, address: addressOf(carekey) };
}

/**
 * Seals a seed under a passphrase and saves it in place of the earlier one, in one step.
 * @throws SdkError WEAK_PASSPHRASE, NOT_SIGNED_IN
 */
export async function savePassphraseSlot(
  carekey: Carekey,
  { seed, generation }: OpenedSeed,
  passphrase: string,
  options: ActOptions,
): Promise<void> {
  options.onStep?.({ kind: "work", label: "Protecting your keys with the passphrase" });
  const slot = await sealSlot({ seed, generation, owner: slotOwner(carekey), passphrase });
  await putSlot(carekey, PASSPHRASE_ID, slot);
}

/** Opens the saved passphrase slot. @throws SdkError NOT_FOUND when there is none, WRONG_SECRET, MALFORMED */
export async function openPassphraseSlot(
  carekey: Carekey,
  passphrase: string,
  options: ActOptions,
): Promise<OpenedSeed> {
  const stored = (await carekey.gateway.listSlots()).find(({ kind }) => kind === "passphrase");
  if (stored === undefined) throw new SdkError("NOT_FOUND", "no passphrase is saved for this account");
  options.onStep?.({ kind: "work", label: "Opening with your passphrase" });
  return openSlot({ slot: slotJson(stored), owner: slotOwner(carekey), passphrase });
}

/** What a new passkey is asked with, and which ones this account has already. @throws SdkError LAST_WAY, NOT_SIGNED_IN */
export async function preparePasskey(carekey: Carekey): Promise<{ salt: Hex; existing: Hex[] }> {
  const stored = await carekey.gateway.listSlots();
  // A lost phone must not be the only way in besides the paper.
  if (!stored.some(({ kind }) => kind !== "passkey")) {
    throw new SdkError("LAST_WAY", "a passkey cannot be the only saved way to unlock");
  }
  return { salt: newSlotSalt(), existing: passkeySlots(stored).map(({ kdf }) => kdf.credential) };
}

/**
 * Saves a passkey as a way to unlock.
 * `passkey.salt`: from {@link preparePasskey}; the PRF was asked with it. `passkey.label`: what the person calls it.
 * @throws SdkError CONFLICT when there are too many ways already, NOT_SIGNED_IN
 */
export async function savePasskey(
  carekey: Carekey,
  person: Person,
  passkey: PasskeyAnswer & { salt: Hex; label: string },
): Promise<void> {
  const { credential, output, salt, label } = passkey;
  const slot = sealSecretSlot({
    source: { kind: "passkey", kdf: { name: "webauthn-prf", salt, credential } },
    ...newestSeed(person),
    owner: slotOwner(carekey),
    secret: output,
    label,
    createdAt: carekey.now(),
  });
  await putSlot(carekey, passkeyId(credential), slot);
}

/** Opens with a passkey. @throws SdkError NOT_FOUND when none is saved, WRONG_SECRET, and what `ask` throws */
export async function openPasskeySlot(carekey: Carekey, ask: AskPasskey): Promise<OpenedSeed> {
  const slots = passkeySlots(await carekey.gateway.listSlots());
  if (slots.length === 0) throw new SdkError("NOT_FOUND", "no passkey is saved for this account");
  const answer = await ask(slots.map(({ kdf }) => ({ credential: kdf.credential, salt: kdf.salt })));
  const slot = slots.find(({ kdf }) => kdf.credential === answer.credential);
  if (slot === undefined) throw new SdkError("WRONG_SECRET", "another passkey than those saved for this account");
  return openSecretSlot({ slot, owner: slotOwner(carekey), secret: answer.output });
}

/**
 * Saves the wallet itself as a way to unlock: two signatures, which must be the same, because only then will a later one open it.
 * Off until the person asks for it: from then on a stolen wallet opens the records.
 * @throws SdkError WALLET_UNSUITABLE with `details.reason` "smart-account" or "random-signatures"; SIGNATURE_REFUSED
 */
export async function saveWalletWay(carekey: Carekey, person: Person, options: ActOptions = {}): Promise<void> {
  await assertOwnKeyWallet(carekey);
  const salt = newSlotSalt();
  const first = await walletSecret(carekey, salt, "Sign once to make the key", options);
  const second = await walletSecret(carekey, salt, "Sign once more, to see that your wallet signs alike", options);
  if (toHex(first) !== toHex(second)) throw unsuitable("random-signatures");
  const slot = sealSecretSlot({
    source: { kind: "wallet", kdf: { name: "eip712-signature", salt } },
    ...newestSeed(person),
    owner: slotOwner(carekey),
    secret: first,
    label: "Wallet",
    createdAt: carekey.now(),
  });
  await putSlot(carekey, WALLET_ID, slot);
}

/** Opens with the wallet: one signature. @throws SdkError NOT_FOUND, SIGNATURE_REFUSED, WALLET_UNSUITABLE, WRONG_SECRET */
export async function openWalletSlot(carekey: Carekey, options: ActOptions): Promise<OpenedSeed> {
  const stored = (await carekey.gateway.listSlots()).find(({ kind }) => kind === "wallet");
  const parsed = stored && walletSlotSchema.safeParse(slotJson(stored));
  if (parsed === undefined) throw new SdkError("NOT_FOUND", "this wallet is not a way to unlock");
  if (!parsed.success) throw damaged(parsed.error);
  const slot: WalletSlot = parsed.data;
  const secret = await walletSecret(carekey, slot.kdf.salt, "Sign to open your records", options);
  return openSecretSlot({ slot, owner: slotOwner(carekey), secret });
}

/** The saved ways to unlock, oldest first. A damaged one is listed too, so that it can be removed. @throws SdkError NOT_SIGNED_IN */
export async function listWays(carekey: Carekey, person: Person): Promise<WayToUnlock[]> {
  const stored = await carekey.gateway.listSlots();
  return stored
    .map((each): WayToUnlock => {
      const slot = readSlot(each);
      const isSecret = slot !== null && slot.kind !== "passphrase";
      return {
        id: each.id,
        kind: slot?.kind ?? "unknown",
        label: isSecret ? slot.label : null,
        savedAt: isSecret ? slot.createdAt : each.updatedAt,
        works: slot !== null && (slot.generation === person.generation || slot.generation === person.next?.generation),
      };
    })
    .sort((left, right) => left.savedAt - right.savedAt);
}

/**
 * Whether a way may go: one that works and is no passkey must remain besides the recovery code. What does not work may always go.
 */
export function mayRemoveWay(ways: readonly WayToUnlock[], id: string): boolean {
  const isLost = ways.some((way) => way.id === id && !way.works);
  return isLost || ways.some((way) => way.id !== id && way.works && way.kind !== "passkey");
}

/** Removes a way to unlock. @throws SdkError LAST_WAY when it is needed; NOT_SIGNED_IN */
export async function removeWay(carekey: Carekey, person: Person, id: string): Promise<void> {
  if (!mayRemoveWay(await listWays(carekey, person), id)) {
    throw new SdkError("LAST_WAY", "no other way to unlock would remain besides the recovery code and passkeys");
  }
  await carekey.gateway.removeSlot(id);
}

/** Removes every saved way that does not open this person's present keys. */
export async function removeLostWays(carekey: Carekey, person: Person): Promise<void> {
  for (const { id, works } of await listWays(carekey, person)) {
    if (!works) await carekey.gateway.removeSlot(id);
  }
}

/** What the wallet signs to open its slot. Signed for this account and contract, and for one salt. */
export function unlockTypedData(carekey: Carekey, salt: Hex) {
  return {
    domain: domainFor(carekey.deployment),
    types: {
      UnlockRecords: [
        { name: "warning", type: "string" },
        { name: "account", type: "address" },
        { name: "salt", type: "bytes32" },
      ],
    },
    primaryType: "UnlockRecords",
    message: { warning: WALLET_WARNING, account: addressOf(carekey), salt },
  } as const;
}

async function walletSecret(carekey: Carekey, salt: Hex, label: string, options: ActOptions): Promise<Uint8Array> {
  const typedData = unlockTypedData(carekey, salt);
  const signature = await signAct(carekey, typedData, label, options);
  const digest = hashTypedData(typedData);
  // A contract's signature can be anything and change any time.
  if (!(await isSignedByOwnKey({ account: addressOf(carekey), digest, signature }))) throw unsuitable("smart-account");
  return fromHex(signature, 65);
}

async function assertOwnKeyWallet(carekey: Carekey): Promise<void> {
  const code = await carekey.chain.publicClient.getCode({ address: addressOf(carekey) });
  if (code !== undefined && code !== "0x") throw unsuitable("smart-account");
}

function unsuitable(reason: "smart-account" | "random-signatures"): SdkError {
  return new SdkError("WALLET_UNSUITABLE", "this wallet's signatures cannot open a slot", { details: { reason } });
}

/** The name of a passkey's slot: the same passkey again replaces its slot. */
function passkeyId(credential: Hex): string {
  return `passkey-${toHex(sha256(fromHex(credential))).slice(2, 34)}`;
}

function passkeySlots(stored: readonly StoredSlot[]): PasskeySlot[] {
  return stored.map(readSlot).filter((slot) => slot?.kind === "passkey");
}

async function putSlot(carekey: Carekey, id: string, slot: Slot | SecretSlot): Promise<void> {
  await carekey.gateway.putSlot(id, { kind: slot.kind, data: utf8(JSON.stringify(slot)) });
}

/** A stored slot of any kind; null when it is damaged or of a kind that this build does not know. */
function readSlot(stored: StoredSlot): Slot | SecretSlot | null {
  const json = parseJson(stored);
  for (const schema of [slotSchema, passkeySlotSchema, walletSlotSchema]) {
    const parsed = schema.safeParse(json);
    if (parsed.success && parsed.data.kind === stored.kind) return parsed.data;
  }
  return null;
}

function parseJson({ data }: StoredSlot): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data));
  } catch {
    return null;
  }
}

function slotJson(stored: StoredSlot): unknown {
  const json = parseJson(stored);
  if (json === null) throw damaged();
  return json;
}

function damaged(cause?: unknown): SdkError {
  return new SdkError("MALFORMED", "the saved unlock slot is damaged", { cause, details: { reason: "slot" } });
}

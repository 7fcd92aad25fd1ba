/**
 * @module client/account
 * From a wallet to a person: sign-in, registration, unlock slots, unlocking. Every step can be repeated: a tab closed in the middle
 * leaves slots without a registration at worst, and the same passphrase goes on from there.
 */
import { decodeRecoveryCode, derivePersonKeys } from "../crypto/index.ts";
import { isSdkError } from "../errors.ts";
import { encodeKeyDocument, makeKeyDocument, type DisplayFields } from "../identity/index.ts";
import type { GatewaySession } from "../gateway/index.ts";
import { chainFailure } from "../chain/index.ts";
import { addressOf, sendAct } from "./context.ts";
import {
  newestSeed,
  openPassphraseSlot,
  openPasskeySlot,
  openWalletSlot,
  savePassphraseSlot,
  type AskPasskey,
} from "./slots.ts";
import { heldKeys } from "./own-keys.ts";
import { sameAddress } from "./people.ts";
import { unlockSeed } from "./unlock.ts";
import type { AccountState, ActOptions, Carekey, Person } from "./types.ts";

/** Where this wallet's account stands. Asks the wallet for nothing. @throws SdkError CHAIN_UNAVAILABLE */
export async function accountState(carekey: Carekey): Promise<AccountState> {
  const address = addressOf(carekey);
  const [identity, isRegistrar, session] = await Promise.all([
    carekey.chain.identityOf(address),
    carekey.chain.isRegistrar(address),
    ownSession(carekey),
  ]);
  const needsCode = session?.needsCode === true;
  const slots = session === null || needsCode ? null : await carekey.gateway.listSlots();
  return {
    address,
    registered: identity.role !== 0,
    identity,
    isRegistrar,
    signedIn: session !== null,
    needsCode,
    hasPassphraseSlot: slots === null ? null : slots.some(({ kind }) => kind === "passphrase"),
    slotKinds: slots === null ? null : [...new Set(slots.map(({ kind }) => kind))],
  };
}

/** Whether the gateway knows this wallet's session, be it one that waits for a one-time code. False when the gateway is away. */
export async function isSignedIn(carekey: Carekey): Promise<boolean> {
  return (await ownSession(carekey)) !== null;
}

/** This wallet's session at the gateway; null without one, and when the gateway is away. */
async function ownSession(carekey: Carekey): Promise<GatewaySession | null> {
  try {
    const session = await carekey.gateway.session();
    return session !== null && sameAddress(session.address, addressOf(carekey)) ? session : null;
  } catch (error) {
    if (isSdkError(error, "GATEWAY_UNAVAILABLE")) return null;
    throw error;
  }
}

/**
 * Signs in to the gateway unless that is done. One wallet signature. Who turned one-time codes on enters one next.
 * @throws SdkError SIGNATURE_REFUSED, GATEWAY_UNAVAILABLE
 */
export async function signIn(carekey: Carekey, options: ActOptions = {}): Promise<void> {
  if (await isSignedIn(carekey)) return;
  const { account } = carekey.wallet;
  await carekey.gateway.signIn({
    address: account.address,
    signMessage: async (message) => {
      options.onStep?.({ kind: "sign", label: "Sign in. This opens no record and costs nothing." });
      try {
        return await carekey.wallet.signMessage({ account, message });
      } catch (error) {
        throw chainFailure(error);
      }
    },
  });
}

/** What {@link registerPerson} needs. The seed was shown as a recovery code and confirmed before. */
export type Registration = {
  seed: Uint8Array;
  /** 1 patient, 2 clinician, 3 organisation. */
  role: 1 | 2 | 3;
  /** Public fields: empty for patients; name and speciality for clinicians. */
  display: DisplayFields;
  passphrase: string;
};

/**
 * Saves the seed under the passphrase, registers the key document on chain, and publishes it. In this order, so that whatever
 * breaks in between, the person can unlock and go on. Does again only what is missing.
 * @throws SdkError WEAK_PASSPHRASE, SIGNATURE_REFUSED, CONTRACT_REVERTED, CONFLICT when this account has another seed already.
 */
export async function registerPerson(
  carekey: Carekey,
  registration: Registration,
  options: ActOptions = {},
): Promise<Person> {
  const address = addressOf(carekey);
  const keys = derivePersonKeys(registration.seed, 0);
  await signIn(carekey, options);
  await savePassphraseSlot(carekey, { seed: registration.seed, generation: 0 }, registration.passphrase, options);
  const identity = await carekey.chain.identityOf(address);
  if (identity.role !== 0) return unlockSeed(carekey, registration.seed);
  const document = makeKeyDocument({ keys, address, issuedAt: carekey.now(), display: registration.display });
  const block = encodeKeyDocument(document);
  options.onStep?.({ kind: "work", label: "Saving your public key" });
  await carekey.ipfs.putRaw(block.bytes, { pinName: block.digest });
  await sendAct(carekey, "register", [registration.role, block.digest], "Register with your public key", options);
  await carekey.gateway.publishKeyDocument(block.bytes);
  return { address, generation: 0, keys, keyDocumentDigest: block.digest, earlier: [], next: null };
}

/**
 * Opens the passphrase slot.
 * @throws SdkError WRONG_SECRET, NOT_FOUND when no such slot is saved, KEY_MISMATCH when the seed is not the one registered.
 */
export async function unlockWithPassphrase(
  carekey: Carekey,
  passphrase: string,
  options: ActOptions = {},
): Promise<Person> {
  await signIn(carekey, options);
  const { seed } = await openPassphraseSlot(carekey, passphrase, options);
  return unlockSeed(carekey, seed);
}

/**
 * Opens with one of the saved passkeys.
 * @throws SdkError WRONG_SECRET, NOT_FOUND when none is saved, KEY_MISMATCH, and what `ask` throws.
 */
export async function unlockWithPasskey(carekey: Carekey, ask: AskPasskey, options: ActOptions = {}): Promise<Person> {
  await signIn(carekey, options);
  const { seed } = await openPasskeySlot(carekey, ask);
  return unlockSeed(carekey, seed);
}

/** Opens with a signature of the wallet. @throws SdkError SIGNATURE_REFUSED, WRONG_SECRET, NOT_FOUND when this is not set up. */
export async function unlockWithWallet(carekey: Carekey, options: ActOptions = {}): Promise<Person> {
  await signIn(carekey, options);
  const { seed } = await openWalletSlot(carekey, options);
  return unlockSeed(carekey, seed);
}

/**
 * Opens with the recovery code, which is the seed itself: no saved slot is needed. The chain tells which generation it belongs to.
 * @throws SdkError WRONG_SECRET when the code has a mistake, KEY_MISMATCH when it is another account's, KEYS_REPLACED when new keys were made since.
 */
export async function unlockWithRecoveryCode(
  carekey: Carekey,
  code: string,
  options: ActOptions = {},
): Promise<Person> {
  const seed = decodeRecoveryCode(code);
  await signIn(carekey, options);
  return unlockSeed(carekey, seed);
}

/** Saves a (new) passphrase for an unlocked person. @throws SdkError WEAK_PASSPHRASE, NOT_SIGNED_IN */
export async function setPassphrase(
  carekey: Carekey,
  person: Person,
  passphrase: string,
  options: ActOptions = {},
): Promise<void> {
  await signIn(carekey, options);
  await savePassphraseSlot(carekey, newestSeed(person), passphrase, options);
}

/** Overwrites the keys of a person who locks. Copies that the engine made cannot be reached. */
export function wipePerson(person: Person): void {
  const all = [...heldKeys(person).map(({ keys }) => keys), ...(person.next === null ? [] : [person.next])];
  for (const { seed, xwingSecret, signSecret, vaultKey } of all) {
    for (const secret of [seed, xwingSecret, signSecret, vaultKey]) secret.fill(0);
  }
}

/**
 * The seed of the passphrase slot, whether or not the account is registered: what an interrupted registration goes on from.
 * @throws SdkError WRONG_SECRET, NOT_FOUND when no such slot is saved, MALFORMED when it is damaged.
 */
export async function openSavedSeed(
  carekey: Carekey,
  passphrase: string,
  options: ActOptions = {},
): Promise<Uint8Array> {
  await signIn(carekey, options);
  return (await openPassphraseSlot(carekey, passphrase, options)).seed;
}

/**
 * @module crypto/envelope
 * Envelopes to a person: HPKE base mode (RFC 9180) with X-Wing (ML-KEM-768 + X25519), HKDF-SHA-256 and ChaCha20-Poly1305.
 * Layout: suite u8 (1) ‖ encapsulated key 1,120 ‖ ciphertext ‖ tag 16. `info` binds suite, chain, contract, purpose, both people,
 * the recipient's key hash and an id, each as u16be length ‖ bytes.
 */
import { Chacha20Poly1305 } from "@hpke/chacha20poly1305";
import { CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { assertBytes, concatBytes, fromHex, lengthPrefixed, utf8, type Address, type Hex } from "../bytes.ts";
import { SdkError } from "../errors.ts";
import { decryptionFailed } from "./aead.ts";
import type { Random } from "./random.ts";

/** Number of the one suite of this build: in key documents, records, envelopes and their `info`. */
export const SUITE = 1;
/** What an envelope adds to its plaintext, in bytes. */
export const ENVELOPE_OVERHEAD = 1 + 1120 + 16;
/** The sender of an envelope whose sender is named inside only. */
export const NO_SENDER: Address = "0x0000000000000000000000000000000000000000";

/** What an envelope is for. Envelopes of one purpose never open as another. */
export type EnvelopePurpose = "grant" | "rotate" | "submit" | "deal" | "reply" | "inbox" | "receipt";

/** What an envelope is bound to: it opens only under exactly the same context. */
export type EnvelopeContext = {
  chainId: number;
  /** The Carekey contract. */
  contract: Address;
  purpose: EnvelopePurpose;
  /** {@link NO_SENDER} when the sender is named inside only. */
  sender: Address;
  recipient: Address;
  /** First 20 bytes of the sha-256 of the recipient's key document, as on chain. */
  recipientKeyHash: Hex;
  /** Depends on the purpose: a consent id, an epoch, a request's hash … */
  id: Uint8Array;
};

const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Chacha20Poly1305() });

/** The HPKE `info` of a context. */
export function envelopeInfo(context: EnvelopeContext): Uint8Array<ArrayBuffer> {
  const chainId = new Uint8Array(32);
  new DataView(chainId.buffer).setBigUint64(24, BigInt(context.chainId));
  return lengthPrefixed(
    utf8("carekey/v1"),
    new Uint8Array([SUITE]),
    chainId,
    fromHex(context.contract, 20, "contract"),
    utf8(context.purpose),
    fromHex(context.sender, 20, "sender"),
    fromHex(context.recipient, 20, "recipient"),
    fromHex(context.recipientKeyHash, 20, "recipient key hash"),
    context.id,
  );
}

/**
 * Seals `plaintext` to a person.
 * @param options - `recipientPublicKey`: X-Wing public key, 1,216 bytes, from the recipient's verified key document;
 * `random`: gives the 64 bytes of the encapsulation; for vectors only.
 * @returns plaintext length + {@link ENVELOPE_OVERHEAD} bytes.
 * @throws SdkError INVALID_ARGUMENT when the public key is not one.
 */
export async function sealEnvelope(
  options: { recipientPublicKey: Uint8Array; context: EnvelopeContext; random?: Random },
  plaintext: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  assertBytes(options.recipientPublicKey, 1216, "X-Wing public key");
  const info = envelopeInfo(options.context);
  try {
    const recipientPublicKey = await suite.kem.deserializePublicKey(new Uint8Array(options.recipientPublicKey).buffer);
    const fixed = options.random === undefined ? {} : { ekm: new Uint8Array(options.random(64)).buffer };
    const sender = await suite.createSenderContext({ recipientPublicKey, info, ...fixed });
    const ciphertext = await sender.seal(new Uint8Array(plaintext).buffer);
    return concatBytes(new Uint8Array([SUITE]), new Uint8Array(sender.enc), new Uint8Array(ciphertext));
  } catch (cause) {
    throw new SdkError("INVALID_ARGUMENT", "X-Wing public key: not a valid key", { cause });
  }
}

/**
 * Opens an envelope.
 * @param options - `recipientSecret`: X-Wing secret, 32 bytes; `context`: must equal the context under which it was
 * sealed.
 * @throws SdkError UNSUPPORTED_VERSION when the suite byte is another one.
 * @throws SdkError DECRYPTION_FAILED in every other case: another recipient, another context, altered or cut bytes.
 */
export async function openEnvelope(
  options: { recipientSecret: Uint8Array; context: EnvelopeContext },
  bytes: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  assertBytes(options.recipientSecret, 32, "X-Wing secret");
  const info = envelopeInfo(options.context);
  if (bytes.length > 0 && bytes[0] !== SUITE) {
    throw new SdkError("UNSUPPORTED_VERSION", "envelope: a suite that this build does not know");
  }
  if (bytes.length < ENVELOPE_OVERHEAD) throw decryptionFailed();
  try {
    const recipientKey = await suite.kem.importKey("raw", new Uint8Array(options.recipientSecret).buffer, false);
    const recipient = await suite.createRecipientContext({ recipientKey, enc: bytes.slice(1, 1121).buffer, info });
    return new Uint8Array(await recipient.open(bytes.slice(1121).buffer));
  } catch {
    throw decryptionFailed();
  }
}

/**
 * @module records/message
 * Inbox messages, HPKE-sealed and padded to a multiple of 1 KiB; signed so that nobody can pass one on as meant for another.
 * ```
 * [1, "message", kind, body, sender 20, digest of the sender's key document 32, sentAt, signature 64]
 * signed by that document's Ed25519 key: DAG-CBOR of ["carekey/message/v1", chainId, contract, recipient, recipient's key hash, id,
 *  kind, body, sender, key document, sentAt]
 * ```
 */
import { asArgument, decodeBlock, encodeBlock, readAddress, readBytes, readHex, readText, readUint } from "../block.ts";
import { assertBytes, fromHex, type Address, type Hex } from "../bytes.ts";
import { encodeCbor, type CborValue } from "../cbor.ts";
import {
  NO_SENDER,
  openEnvelope,
  sealEnvelope,
  signBytes,
  verifyBytes,
  type EnvelopeContext,
  type Random,
} from "../crypto/index.ts";
import { SdkError } from "../errors.ts";
import { padBlock, unpadBlock } from "./padding.ts";
import type { ChainContext, Message, MessageKind, Opener, Recipient } from "./types.ts";

const KINDS: readonly MessageKind[] = [
  "grant",
  "request",
  "refusal",
  "application",
  "application-answer",
  "note",
  "succession",
];

/** Who writes: the account, the digest of its key document and that document's Ed25519 secret. */
export type MessageSender = { address: Address; keyDocument: Hex; signSecret: Uint8Array };

/**
 * Seals a message to one person.
 * @param input - `id`: 16 random bytes, in clear beside the sealed message; `body`: any value that DAG-CBOR can hold;
 * `sentAt`: seconds.
 * @throws SdkError INVALID_ARGUMENT for a field of wrong length or range; TOO_LARGE above 1 MiB.
 */
export async function sealMessage(input: {
  chain: ChainContext;
  id: Uint8Array;
  sender: MessageSender;
  recipient: Recipient;
  kind: MessageKind;
  body: CborValue;
  sentAt: number;
  random?: Random;
}): Promise<Uint8Array<ArrayBuffer>> {
  assertBytes(input.id, 16, "message id");
  const { address, keyDocument, signSecret } = input.sender;
  const fields: CborValue[] = asArgument("message", () => [
    readKind(input.kind),
    input.body,
    fromHex(address, 20, "sender"),
    fromHex(keyDocument, 32, "key document"),
    readUint(input.sentAt, "sentAt"),
  ]);
  const context = contextOf(input.chain, input.id, input.recipient);
  const signature = signBytes(signSecret, signedBytes(context, fields));
  const plaintext = padBlock(encodeBlock("message", [...fields, signature]).bytes);
  const fixed = input.random && { random: input.random };
  return sealEnvelope({ recipientPublicKey: input.recipient.publicKey, context, ...fixed }, plaintext);
}

/**
 * Opens a message and checks who wrote it.
 * @param input - `signKeyOf`: the Ed25519 public key of the key document with this digest, once it is known to be (or
 * to have been) that of the sender's account; null when it is not.
 * @throws SdkError DECRYPTION_FAILED when it is not for this person or was altered.
 * @throws SdkError SIGNATURE_INVALID when the sender did not write it.
 * @throws SdkError MALFORMED | UNSUPPORTED_VERSION (also for a kind that this build does not know)
 */
export async function openMessage(input: {
  bytes: Uint8Array;
  chain: ChainContext;
  id: Uint8Array;
  recipient: Opener;
  signKeyOf: (sender: Address, keyDocument: Hex) => Promise<Uint8Array | null>;
}): Promise<Message> {
  assertBytes(input.id, 16, "message id");
  const context = contextOf(input.chain, input.id, input.recipient);
  const padded = await openEnvelope({ recipientSecret: input.recipient.secret, context }, input.bytes);
  const fields = decodeBlock(unpadBlock(padded), "message", 6);
  const [kindValue, body, senderValue, keyDocumentValue, sentAtValue, signatureValue] = fields;
  const signature = readBytes(signatureValue, "signature", 64);
  const sender = readAddress(senderValue, "sender");
  const keyDocument = readHex(keyDocumentValue, "key document");
  const message = { kind: readKind(kindValue), body: body ?? null, sender, keyDocument };
  const sentAt = readUint(sentAtValue, "sentAt");
  const signKey = await input.signKeyOf(sender, keyDocument);
  if (signKey === null || !verifyBytes(signKey, signedBytes(context, fields.slice(0, 5)), signature)) {
    throw new SdkError("SIGNATURE_INVALID", "message: not written by the sender it names");
  }
  return { ...message, sentAt };
}

function contextOf(
  chain: ChainContext,
  id: Uint8Array,
  recipient: { address: Address; keyHash: Hex },
): EnvelopeContext {
  return {
    chainId: chain.chainId,
    contract: chain.contract,
    purpose: "inbox",
    sender: NO_SENDER,
    recipient: recipient.address,
    recipientKeyHash: recipient.keyHash,
    id,
  };
}

function signedBytes(context: EnvelopeContext, fields: readonly CborValue[]): Uint8Array {
  return encodeCbor([
    "carekey/message/v1",
    context.chainId,
    fromHex(context.contract, 20, "contract"),
    fromHex(context.recipient, 20, "recipient"),
    fromHex(context.recipientKeyHash, 20, "key hash"),
    context.id,
    ...fields,
  ]);
}

function readKind(value: CborValue | undefined): MessageKind {
  const text = readText(value, "kind", 64);
  const kind = KINDS.find((known) => known === text);
  if (kind === undefined) throw new SdkError("UNSUPPORTED_VERSION", "message: a kind that this build does not know");
  return kind;
}

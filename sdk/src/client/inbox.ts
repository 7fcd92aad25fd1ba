/**
 * @module client/inbox
 * Sealed messages between people, and the messages that a person keeps for the own other devices (docs/decisions/0060).
 * Who wrote a message is proved by the key document that the chain names, never by the gateway's word.
 */
import { fromHex, toHex, type Address, type Hex } from "../bytes.ts";
import type { CborValue } from "../cbor.ts";
import { SdkError, isSdkError } from "../errors.ts";
import { openMessage, sealMessage, type ChainContext, type Message, type MessageKind } from "../records/index.ts";
import { keyHashOf } from "../identity/index.ts";
import { envelopePublicKeyOf } from "../crypto/index.ts";
import { randomBytes } from "./context.ts";
import { keptFor } from "./kept.ts";
import { heldKeys, openAsPerson } from "./own-keys.ts";
import { signingKeyOf, type VerifiedRecipient } from "./people.ts";
import type { Carekey, Person } from "./types.ts";

/** An opened message of the inbox. `receivedAt` and `sentAt` in seconds. */
export type InboxMessage = Message & { id: Hex; receivedAt: number };

/** The chain and contract that sealed parts are bound to. */
export function chainContext(carekey: Carekey): ChainContext {
  return { chainId: carekey.deployment.chainId, contract: carekey.deployment.carekey };
}

/** A person as a recipient of own envelopes. */
export function selfRecipient(person: Person) {
  return {
    address: person.address,
    publicKey: envelopePublicKeyOf(person.keys.xwingSecret),
    keyHash: keyHashOf(person.keyDocumentDigest),
  };
}

/**
 * Leaves a sealed message in a person's inbox.
 * message.id: 16 bytes; the same id and content twice is one message. Default random. message.quiet: the chain tells the recipient
 * of the same thing, so that this wakes nobody up a second time.
 * @throws SdkError NOT_REGISTERED, TOO_LARGE, RATE_LIMITED, QUOTA_EXCEEDED, GATEWAY_UNAVAILABLE
 */
export async function sendSealed(
  carekey: Carekey,
  person: Person,
  recipient: Pick<VerifiedRecipient, "address" | "publicKey" | "keyHash">,
  message: { kind: MessageKind; body: CborValue; id?: Uint8Array; quiet?: boolean },
): Promise<Hex> {
  const id = message.id ?? randomBytes(16);
  const sealed = await sealMessage({
    chain: chainContext(carekey),
    id,
    sender: { address: person.address, keyDocument: person.keyDocumentDigest, signSecret: person.keys.signSecret },
    recipient,
    kind: message.kind,
    body: message.body,
    sentAt: carekey.now(),
  });
  const { quiet = false } = message;
  await carekey.gateway.sendMessage({ to: recipient.address, id: toHex(id), sealed, quiet });
  return toHex(id);
}

/** Keeps a fact for this person's other devices: a note in the own inbox. */
export function keepNote(
  carekey: Carekey,
  person: Person,
  body: { type: string; [field: string]: CborValue },
): Promise<Hex> {
  return sendSealed(carekey, person, selfRecipient(person), { kind: "note", body });
}

/** Messages opened before, per person in memory; null for one that does not open. */
const messagesReadBy = keptFor<Person, Map<Hex, InboxMessage | null>>(() => new Map());

/**
 * Every message in the inbox, oldest first. Those that do not open, or whose sender is not who they say, are left out.
 * @throws SdkError NOT_SIGNED_IN, GATEWAY_UNAVAILABLE, CHAIN_UNAVAILABLE
 */
export async function readInbox(carekey: Carekey, person: Person): Promise<InboxMessage[]> {
  const known = messagesReadBy(person);
  const messages: InboxMessage[] = [];
  for (let after = 0, more = true; more;) {
    const page = await carekey.gateway.listMessages(after, 100);
    for (const { id, sealed, receivedAt, cursor } of page.messages) {
      after = cursor;
      const cached = known.get(id);
      const message = cached === undefined ? await openOne(carekey, person, id, sealed, receivedAt) : cached;
      known.set(id, message);
      if (message !== null) messages.push(message);
    }
    more = page.more;
  }
  return messages;
}

async function openOne(
  carekey: Carekey,
  person: Person,
  id: Hex,
  sealed: Uint8Array,
  receivedAt: number,
): Promise<InboxMessage | null> {
  try {
    const own = new Map(heldKeys(person).map(({ keys, keyDocumentDigest }) => [keyDocumentDigest, keys.signPublicKey]));
    const { opened } = await openAsPerson(person, (recipient) =>
      openMessage({
        bytes: sealed,
        chain: chainContext(carekey),
        id: fromHex(id, 16, "message id"),
        recipient,
        signKeyOf: async (sender, keyDocument) =>
          (isFrom({ sender }, person.address) ? own.get(keyDocument) : undefined) ??
          signingKeyOf(carekey, sender, keyDocument),
      }),
    );
    return { ...opened, id, receivedAt };
  } catch (error) {
    const isUnreadable =
      isSdkError(error, "DECRYPTION_FAILED") ||
      isSdkError(error, "SIGNATURE_INVALID") ||
      isSdkError(error, "MALFORMED") ||
      isSdkError(error, "UNSUPPORTED_VERSION");
    if (isUnreadable) return null;
    throw error;
  }
}

/** Removes a message from the inbox for good. */
export async function dismissMessage(carekey: Carekey, id: Hex): Promise<void> {
  await carekey.gateway.acknowledgeMessage(id);
}

/** The fields of a message body. @throws SdkError MALFORMED when it is no map */
export function bodyFields(body: CborValue): { [key: string]: CborValue } {
  if (typeof body !== "object" || body === null || Array.isArray(body) || body instanceof Uint8Array) {
    throw new SdkError("MALFORMED", "message: its body is not a map");
  }
  return body;
}

/** The messages of one kind whose body `parse` accepts; others are left out, since anybody can send anything. */
export function parseMessages<Body>(
  messages: readonly InboxMessage[],
  kind: MessageKind,
  parse: (body: { [key: string]: CborValue }) => Body,
): { message: InboxMessage; body: Body }[] {
  return messages
    .filter((message) => message.kind === kind)
    .flatMap((message) => {
      try {
        return [{ message, body: parse(bodyFields(message.body)) }];
      } catch (error) {
        if (isSdkError(error)) return [];
        throw error;
      }
    });
}

/** Addresses compare in lower case. */
export function isFrom(message: Pick<InboxMessage, "sender">, address: Address): boolean {
  return message.sender.toLowerCase() === address.toLowerCase();
}

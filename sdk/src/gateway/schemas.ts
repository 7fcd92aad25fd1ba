/**
 * @module gateway/schemas
 * The gateway's wire contract: every request and reply of `/api/v1`, with its limits. The gateway checks at its door
 * with these schemas and the client checks what it gets back with the same ones. Bytes travel as 0x-hex.
 */
import { z } from "zod";
import type { Hex } from "../bytes.ts";
import { addressSchema, digestSchema, hexBytesSchema as hexBytes, timestampSchema } from "./primitives.ts";

/** Largest sealed message, in bytes. */
export const MAX_MESSAGE_BYTES = 262_144;
/** Largest unlock slot, in bytes. */
export const MAX_SLOT_BYTES = 4_096;
/** Most unlock slots one person may keep. */
export const MAX_SLOTS = 16;
/** Largest public key document, in bytes. */
export const MAX_KEY_DOCUMENT_BYTES = 65_536;
/** Most messages or people in one reply. */
export const MAX_PAGE = 100;
/** Seconds for which a sign-in nonce can be used. */
export const NONCE_SECONDS = 300;
/** Name of the session cookie. The `__Host-` prefix ties it to one origin, over a secure channel. */
export const SESSION_COOKIE = "__Host-carekey";

/** What every refusal looks like: `code` is an SdkErrorCode. */
export const errorReplySchema = z.object({
  error: z.object({
    code: z.string().max(64),
    message: z.string().max(1000),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});

/** A fresh sign-in nonce. `expiresAt` in seconds. */
export const nonceReplySchema = z.object({
  nonce: z.string().regex(/^[0-9a-zA-Z]{16,64}$/),
  expiresAt: timestampSchema,
});

/** An EIP-4361 message and the wallet's signature of it. */
export const signInRequestSchema = z.strictObject({
  message: z.string().min(1).max(2_000),
  signature: hexBytes(8_192),
});

/** Who is signed in, until when (seconds). With `needsCode` the session opens nothing before a one-time code is entered. */
export const sessionSchema = z.object({
  address: addressSchema,
  expiresAt: timestampSchema,
  needsCode: z.boolean(),
});
/** The current session, or null. */
export const sessionReplySchema = z.object({ session: sessionSchema.nullable() });

/** The name of an unlock slot, chosen by its owner's device. */
export const slotIdSchema = z.string().regex(/^[a-z0-9-]{1,64}$/, "up to 64 of a-z, 0-9 and -");
/** The body that saves an unlock slot: its kind in clear and its ciphertext. */
export const putSlotRequestSchema = z.strictObject({
  kind: z.string().regex(/^[a-z-]{1,32}$/),
  data: hexBytes(MAX_SLOT_BYTES),
});
/** One saved unlock slot. */
export const storedSlotSchema = z.object({
  id: slotIdSchema,
  kind: z.string(),
  data: hexBytes(MAX_SLOT_BYTES),
  updatedAt: timestampSchema,
});
/** All unlock slots of the person signed in. */
export const slotsReplySchema = z.object({ slots: z.array(storedSlotSchema).max(MAX_SLOTS) });

/** Id of a message: 16 bytes that the sender drew, in clear, bound into the envelope. */
export const messageIdSchema = z
  .string()
  .regex(/^0x[0-9a-f]{32}$/, "16 bytes as lower-case 0x-hex")
  .transform((value) => value as Hex);
/** A sealed message for another person's inbox. */
export const sendMessageRequestSchema = z.strictObject({
  to: addressSchema,
  id: messageIdSchema,
  sealed: hexBytes(MAX_MESSAGE_BYTES),
  /** Wakes nobody up: the chain tells the recipient of the same thing. */
  quiet: z.boolean().optional(),
});
/** One message of the inbox. `cursor` rises with each message; `receivedAt` in seconds. No sender: it is inside the envelope. */
export const storedMessageSchema = z.object({
  cursor: z.int().positive(),
  id: messageIdSchema,
  sealed: hexBytes(MAX_MESSAGE_BYTES),
  receivedAt: timestampSchema,
});
/** A page of the inbox: messages after a cursor that were not acknowledged, oldest first. */
export const messagesReplySchema = z.object({
  messages: z.array(storedMessageSchema).max(MAX_PAGE),
  more: z.boolean(),
});
/** Query of a page of the inbox. */
export const messagesQuerySchema = z.object({
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(20),
});

/** A public key document to publish, as the encoded block. */
export const publishKeyDocumentRequestSchema = z.strictObject({ document: hexBytes(MAX_KEY_DOCUMENT_BYTES) });
/** All key documents of one address, oldest first; the last is the one on chain. */
export const keyDocumentsReplySchema = z.object({ documents: z.array(hexBytes(MAX_KEY_DOCUMENT_BYTES)).max(256) });

/** One clinician or organisation of the directory; role, verification and suspension as the chain says them now. */
export const directoryPersonSchema = z.object({
  address: addressSchema,
  role: z.int().min(0).max(4),
  /** Public display fields of the key document: name, speciality, … */
  display: z.record(z.string(), z.string()),
  /** Seconds; 0 = never verified. */
  verifiedUntil: timestampSchema,
  suspended: z.boolean(),
  /** sha-256 of the newest key document. */
  keyDocument: digestSchema,
});
/** A search's results, best first. */
export const directoryReplySchema = z.object({ people: z.array(directoryPersonSchema).max(MAX_PAGE) });
/** Query of the directory: part of a name or speciality, or an address. */
export const directoryQuerySchema = z.object({
  query: z.string().trim().max(100).default(""),
  role: z.coerce
    .number()
    .int()
    .refine((role) => role === 2 || role === 3, "2 clinician or 3 organisation")
    .optional(),
  verifiedOnly: z.stringbool().default(false),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(20),
});

/** What a discard dropped. */
export const discardReplySchema = z.object({
  entryId: digestSchema,
  pins: z.int().nonnegative(),
  blocks: z.int().nonnegative(),
});
/** The entries whose content the patient had dropped. */
export const discardedReplySchema = z.object({
  entries: z.array(z.object({ entryId: digestSchema, discardedAt: timestampSchema })),
});

/** How much one person stores, in bytes, blocks and pins. */
export const usageReplySchema = z.object({
  usedBytes: z.int().nonnegative(),
  quotaBytes: z.int().nonnegative(),
  blocks: z.int().nonnegative(),
  pins: z.int().nonnegative(),
});

/** State of the gateway and of what it stands on. */
export const healthReplySchema = z.object({
  status: z.enum(["ok", "degraded"]),
  version: z.string(),
  chain: z.object({ ok: z.boolean(), block: z.int().nonnegative().nullable() }),
  ipfs: z.object({ ok: z.boolean() }),
  database: z.object({ ok: z.boolean() }),
});

/** Who is signed in, until when (seconds). */
export type GatewaySession = z.output<typeof sessionSchema>;
/** One clinician or organisation found in the directory. Nothing in it is trusted before the key document is checked against the chain. */
export type DirectoryPerson = z.output<typeof directoryPersonSchema>;
/** How much the person signed in stores. */
export type Usage = z.output<typeof usageReplySchema>;
/** State of the gateway. */
export type Health = z.output<typeof healthReplySchema>;

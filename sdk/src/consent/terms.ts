/**
 * @module consent/terms
 * The terms of one consent: their rules, their hash (the consent id, as the contract computes it) and their spelling in blocks.
 * Block form: [patient, grantee, organisation | null, [scope tag…], fromEpoch, rights, notBefore, expiresAt, maxViews, flags, [scopes, purpose, salt]].
 */
import { getAddress, hashStruct, keccak256, stringToBytes, zeroAddress } from "viem";
import { z } from "zod";
import { readAddress, readArray, readHex, readNullable, readText, readUint } from "../block.ts";
import { concatBytes, fromHex, type Address, type Hex } from "../bytes.ts";
import type { CborValue } from "../cbor.ts";
import { SdkError } from "../errors.ts";

/** The right to read the scopes. */
export const READ = 1;
/** The right to submit entries, which then wait for the patient's decision. */
export const WRITE = 2;
/** Each view needs a one-time code. */
export const FLAG_OTP = 1;
/** The grantee must be a verified clinician at the time of use. Writing always asks for that. */
export const FLAG_LICENSED = 2;

/** Most scope tags in one consent. */
export const MAX_CONSENT_SCOPES = 32;
/** Longest words for the person, in UTF-16 units, per field. */
export const MAX_ABOUT_LENGTH = 500;

/** A window this long, in seconds, means "until I stop it": 50 years. */
export const OPEN_ENDED_SECONDS = 50 * 365 * 86_400;

/** The tag of the emergency scope: public, and never part of any terms. */
export const EMERGENCY_TAG: Hex = keccak256(stringToBytes("carekey/emergency/v1"));

/** What a patient allows somebody. Times in seconds; the window is [notBefore, expiresAt). */
export type ConsentTerms = {
  patient: Address;
  grantee: Address;
  /** The grantee must be its attested member at the time of use; the zero address = none. */
  organisation: Address;
  /** Opaque scope tags of 32 bytes; empty for WRITE. */
  scopes: Hex[];
  /** First epoch of the scope keys that the consent covers. */
  fromEpoch: number;
  /** {@link READ} or {@link WRITE}. */
  rights: 1 | 2;
  notBefore: number;
  expiresAt: number;
  /** 0 = no limit. */
  maxViews: number;
  /** {@link FLAG_OTP} and {@link FLAG_LICENSED}, added together. */
  flags: number;
  /** Words for the person, and 32 random bytes that make the consent one of its kind. */
  about: { scopes: string; purpose: string; salt: Hex };
};

/** The terms as the contract takes them: lists and words are hashed beforehand. */
export type ContractTerms = Omit<ConsentTerms, "scopes" | "about"> & { scopesHash: Hex; aboutHash: Hex };

const ABOUT = [
  { name: "scopes", type: "string" },
  { name: "purpose", type: "string" },
  { name: "salt", type: "bytes32" },
] as const;

/** EIP-712 types of the terms, by which a wallet shows them and the contract hashes them. */
export const TERMS_TYPES = {
  About: ABOUT,
  ConsentTerms: [
    { name: "patient", type: "address" },
    { name: "grantee", type: "address" },
    { name: "organisation", type: "address" },
    { name: "scopes", type: "bytes32[]" },
    { name: "fromEpoch", type: "uint32" },
    { name: "rights", type: "uint32" },
    { name: "notBefore", type: "uint48" },
    { name: "expiresAt", type: "uint48" },
    { name: "maxViews", type: "uint32" },
    { name: "flags", type: "uint32" },
    { name: "about", type: "About" },
  ],
} as const;

const UINT32_MAX = 2 ** 32 - 1;
const UINT48_MAX = 2 ** 48 - 1;

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((value): Address => getAddress(value));
const bytes32 = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/)
  .transform((value): Hex => `0x${value.slice(2).toLowerCase()}`);
const uint32 = z.int().min(0).max(UINT32_MAX);
const seconds = z.int().min(0).max(UINT48_MAX);
const words = z.string().max(MAX_ABOUT_LENGTH);

/** The rules of terms. Gives checksummed addresses and lower-case hex. */
export const consentTermsSchema = z
  .strictObject({
    patient: address,
    grantee: address,
    organisation: address,
    scopes: z.array(bytes32).max(MAX_CONSENT_SCOPES),
    fromEpoch: uint32,
    rights: z.union([z.literal(READ), z.literal(WRITE)]),
    notBefore: seconds,
    expiresAt: seconds,
    maxViews: uint32,
    flags: z
      .int()
      .min(0)
      .max(FLAG_OTP | FLAG_LICENSED),
    about: z.strictObject({ scopes: words, purpose: words, salt: bytes32 }),
  })
  .refine(({ patient, grantee }) => patient !== grantee && ![patient, grantee].includes(zeroAddress), {
    error: "patient and grantee must be two accounts",
  })
  .refine(({ notBefore, expiresAt }) => notBefore < expiresAt, { error: "the window is empty" })
  .refine(({ scopes }) => new Set(scopes).size === scopes.length, { error: "a scope is named twice" })
  .refine(({ scopes }) => !scopes.includes(EMERGENCY_TAG), { error: "the emergency scope is never part of terms" })
  .refine(({ rights, scopes }) => rights === WRITE || scopes.length > 0, { error: "reading needs a scope" })
  .refine(
    ({ rights, scopes, maxViews, flags }) =>
      rights === READ || (scopes.length === 0 && maxViews === 0 && (flags & FLAG_OTP) === 0),
    { error: "writing has neither scopes nor a limit of views nor one-time codes" },
  );

/**
 * Checks and normalises terms that come from outside.
 * @throws SdkError MALFORMED, with the schema's complaints in `details.issues`.
 */
export function parseTerms(value: unknown): ConsentTerms {
  const parsed = consentTermsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SdkError("MALFORMED", `terms: ${z.prettifyError(parsed.error)}`, {
    details: { issues: parsed.error.issues },
  });
}

/** Whether the window is so long that only the patient will end it. Its end still counts. */
export function isOpenEnded({ notBefore, expiresAt }: Pick<ConsentTerms, "notBefore" | "expiresAt">): boolean {
  return expiresAt - notBefore >= OPEN_ENDED_SECONDS;
}

/** The consent id: the EIP-712 hash of the terms. Binds neither chain nor contract. */
export function hashTerms(terms: ConsentTerms): Hex {
  return hashStruct({ data: terms, primaryType: "ConsentTerms", types: TERMS_TYPES });
}

/** The terms as the contract takes them, with the same id. */
export function toContractTerms(terms: ConsentTerms): ContractTerms {
  const { scopes, about, ...words } = terms;
  return {
    ...words,
    scopesHash: keccak256(concatBytes(...scopes.map((tag) => fromHex(tag, 32, "scope tag")))),
    aboutHash: hashStruct({ data: about, primaryType: "About", types: { About: ABOUT } }),
  };
}

/** The terms in the spelling of blocks and requests. */
export function termsToArray(terms: ConsentTerms): CborValue[] {
  return [
    fromHex(terms.patient, 20, "patient"),
    fromHex(terms.grantee, 20, "grantee"),
    terms.organisation === zeroAddress ? null : fromHex(terms.organisation, 20, "organisation"),
    terms.scopes.map((tag) => fromHex(tag, 32, "scope tag")),
    terms.fromEpoch,
    terms.rights,
    terms.notBefore,
    terms.expiresAt,
    terms.maxViews,
    terms.flags,
    [terms.about.scopes, terms.about.purpose, fromHex(terms.about.salt, 32, "salt")],
  ];
}

/**
 * Reads terms in the spelling of blocks and requests, and checks their rules.
 * @throws SdkError MALFORMED
 */
export function termsFromArray(value: CborValue): ConsentTerms {
  const fields = readArray(value, "terms", 11);
  const about = readArray(fields[10], "about", 3);
  const organisation = readNullable(fields[2], (field) => readAddress(field, "organisation"));
  if (organisation === zeroAddress) throw new SdkError("MALFORMED", "organisation: none is spelt null");
  return parseTerms({
    patient: readAddress(fields[0], "patient"),
    grantee: readAddress(fields[1], "grantee"),
    organisation: organisation ?? zeroAddress,
    scopes: readArray(fields[3], "scopes").map((tag) => readHex(tag, "scope tag")),
    fromEpoch: readUint(fields[4], "fromEpoch"),
    rights: readUint(fields[5], "rights"),
    notBefore: readUint(fields[6], "notBefore"),
    expiresAt: readUint(fields[7], "expiresAt"),
    maxViews: readUint(fields[8], "maxViews"),
    flags: readUint(fields[9], "flags"),
    about: {
      scopes: readText(about[0], "about.scopes", MAX_ABOUT_LENGTH),
      purpose: readText(about[1], "about.purpose", MAX_ABOUT_LENGTH),
      salt: readHex(about[2], "salt"),
    },
  });
}

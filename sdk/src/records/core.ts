/**
 * @module records/core
 * The core of a record: what its author signs as EIP-712 `Authored(address patient,bytes32 core,uint48 signedAt)`. Its hash is
 * SHA-256 over the DAG-CBOR of `["carekey/core/v1", name, type, size, sha256, FHIR, author]`.
 */
import { asArgument, digestOf, readAddress, readArray, readBytes, readText, readUint } from "../block.ts";
import { fromHex, toHex, type Address, type Hex } from "../bytes.ts";
import { encodeCbor, type CborValue } from "../cbor.ts";
import { SdkError } from "../errors.ts";
import { domainFor, PATIENT, type SigningDomain } from "../signing.ts";
import { MAX_CONTENT_BYTES } from "./padding.ts";
import { EMPTY_SHA256, type Core, type JsonValue } from "./types.ts";

const MAX_DEPTH = 64;

/** The core as the array that blocks hold. */
export function coreToArray(core: Core): CborValue[] {
  return [
    core.name,
    core.type,
    core.size,
    fromHex(core.sha256, 32, "sha256"),
    core.fhir,
    fromHex(core.author, 20, "author"),
  ];
}

/** Reads {@link coreToArray}. @throws SdkError MALFORMED */
export function coreFromArray(value: CborValue | undefined): Core {
  const [name, type, size, hash, fhir, author] = readArray(value, "core", 6);
  return {
    name: readText(name, "name", 1024),
    type: readText(type, "type", 256),
    size: readUint(size, "size", MAX_CONTENT_BYTES),
    sha256: toHex(readBytes(hash, "sha256", 32)),
    fhir: readJson(fhir),
    author: readAddress(author, "author"),
  };
}

/** The hash that the author signs. @throws SdkError INVALID_ARGUMENT when a field is out of range. */
export function hashCore(core: Core): Hex {
  return asArgument("core", () => {
    const fields = coreToArray(core);
    coreFromArray(fields);
    return digestOf(encodeCbor(["carekey/core/v1", ...fields]));
  });
}

/** Whether a core says that there is no content. */
export function isEmptyCore(core: Core): boolean {
  return core.size === 0 && core.sha256.toLowerCase() === EMPTY_SHA256;
}

/** What the author's wallet signs. Same domain as every signature for the Carekey contract. */
export function authoredTypedData(input: {
  deployment: SigningDomain;
  patient: Address;
  core: Core;
  signedAt: number;
}) {
  return {
    domain: domainFor(input.deployment),
    types: {
      Authored: [PATIENT, { name: "core", type: "bytes32" }, { name: "signedAt", type: "uint48" }],
    },
    primaryType: "Authored",
    message: { patient: input.patient, core: hashCore(input.core), signedAt: input.signedAt },
  } as const;
}

/** JSON out of DAG-CBOR: no bytes, no big integers, no links, at most 64 levels. */
function readJson(value: CborValue | undefined, depth = 0): JsonValue {
  if (depth > MAX_DEPTH) throw new SdkError("MALFORMED", "FHIR: nested too deeply");
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item) => readJson(item, depth + 1));
  if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readJson(item, depth + 1)]));
  }
  throw new SdkError("MALFORMED", "FHIR: not JSON");
}

/**
 * @module lib/wallet/readable
 * Typed data and calls as lines that a person can read: every field by name, times with an ISO date beside the number.
 */
import { decodeFunctionData, type Abi, type Hex } from "viem";
import { contractAbis } from "@carekey/sdk/contracts";

/** One line of what is about to be signed. `depth` indents nested structs. */
export type ReadableField = { name: string; value: string; depth: number };

/** Fields that hold whole seconds. */
const TIME_FIELDS = new Set([
  "notBefore",
  "expiresAt",
  "signedAt",
  "deadline",
  "issuedAt",
  "notAfter",
  "validUntil",
  "exp",
  "at",
]);

function readableValue(name: string, value: unknown): string {
  const text = String(value);
  if (!TIME_FIELDS.has(name) || !/^\d{9,11}$/.test(text)) return text;
  return `${text} (${new Date(Number(text) * 1000).toISOString().replace(".000Z", " UTC").replace("T", " ")})`;
}

/** A struct of typed data, field by field, in the order in which it is signed. */
export function readableFields(value: unknown, name = "", depth = 0): ReadableField[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [{ name, value: "none", depth }];
    return value.flatMap((item: unknown, index) => readableFields(item, `${name} ${index + 1}`, depth));
  }
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).flatMap(([key, inner]) =>
      readableFields(inner, key, name === "" ? depth : depth + 1),
    );
    return name === "" ? fields : [{ name, value: "", depth }, ...fields];
  }
  return [{ name, value: readableValue(name, value), depth }];
}

/** A call of one of Carekey's contracts: the function and its named arguments; null for anything else. */
export function readableCall(data: Hex): { title: string; fields: ReadableField[] } | null {
  for (const abi of Object.values<Abi>(contractAbis)) {
    try {
      const { functionName, args } = decodeFunctionData({ abi, data });
      const entry = abi.find((item) => item.type === "function" && item.name === functionName);
      const inputs = entry?.type === "function" ? entry.inputs : [];
      const fields = inputs.flatMap((input, index) => readableFields(args?.[index], input.name));
      return { title: functionName, fields };
    } catch {
      // Not a function of this contract.
    }
  }
  return null;
}

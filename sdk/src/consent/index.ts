/**
 * @module consent
 * Terms of consents: rules, hashes, words, status, and the typed data of everything that a person can sign for the contract.
 */
export * from "./describe.ts";
export * from "./emergency.ts";
export * from "./scopes.ts";
export * from "./status.ts";
export * from "./terms.ts";
export * from "./typed-data.ts";

/**
 * @module gateway
 * The gateway's wire contract and its client: sign-in, unlock slots, inbox, directory, discards, usage, health.
 */
export * from "./schemas.ts";
export { createCookieJar, type CookieJar } from "./cookie-jar.ts";
export {
  createGatewayClient,
  type GatewayClient,
  type GatewayClientOptions,
  type SignInWallet,
  type StoredMessage,
  type StoredSlot,
} from "./client.ts";

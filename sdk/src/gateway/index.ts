/**
 * @module gateway
 * The gateway's wire contract and its client: sign-in, one-time codes, sessions, unlock slots, inbox, directory, discards, relay, notifications, usage, health.
 */
export * from "./relay-schemas.ts";
export * from "./notification-schemas.ts";
export * from "./schemas.ts";
export * from "./codes.ts";
export { addressSchema, digestSchema } from "./primitives.ts";
export type { CodesClient, SessionsClient } from "./codes-client.ts";
export type { NotificationsClient } from "./notifications-client.ts";
export type { RelayClient } from "./relay-client.ts";
export { createCookieJar, type CookieJar } from "./cookie-jar.ts";
export {
  createGatewayClient,
  type GatewayClient,
  type GatewayClientOptions,
  type SignInWallet,
  type StoredMessage,
  type StoredSlot,
} from "./client.ts";

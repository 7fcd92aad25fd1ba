/**
 * @module services/gateway/loopback
 * Whether a host is this very machine.
 */

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?|::ffff:127(\.\d{1,3}){3})$/;

/** Whether `host` (a name or an address, without port) is a loopback one. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

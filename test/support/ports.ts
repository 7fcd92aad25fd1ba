/**
 * @module test/support/ports
 * Free ports for the servers that tests start.
 */
export { freePort } from "../../scripts/common/ports.ts";

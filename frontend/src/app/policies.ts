/**
 * @module app/policies
 * What must hold before any other module runs: Trusted Types, and zod without code made from strings.
 */
import { installTrustedTypes } from "./trusted-types.ts";

installTrustedTypes();

// zod asks `new Function` whether it may compile, which the Content Security Policy refuses and reports. Its configuration
// lives here so that the first schema finds it, in whichever bundle that schema is.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });

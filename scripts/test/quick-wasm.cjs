/**
 * @module test/quick-wasm
 * Loaded before the code of each process of `npm test`: WebAssembly is compiled once and simply. Optimising the embedded PostgreSQL
 * takes two seconds of CPU in each gateway, most of which end before that pays.
 */
"use strict";
const { setFlagsFromString } = require("node:v8");

setFlagsFromString("--no-wasm-tier-up");
setFlagsFromString("--no-wasm-dynamic-tiering");

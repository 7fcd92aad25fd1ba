/**
 * @module chart
 * A patient's chart as a hash chain: the acts, the fold that the contract computes, and what the acts mean.
 */
export * from "./act.ts";
export * from "./fold.ts";
export * from "./replay.ts";

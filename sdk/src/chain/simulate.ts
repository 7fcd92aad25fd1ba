/**
 * @module chain/simulate
 * Asking a node what a call would do. On a chain where nothing happens the latest block is as old as the last act, so that a waiting time
 * seems to run on; the block that comes next has the time of now.
 */
import { guarded } from "./events.ts";
import { chainFailure } from "./failure.ts";

/** What the contracts say to whoever comes too early, and waits for nothing but time. */
const TOO_EARLY: ReadonlySet<unknown> = new Set(["SuccessionNotReady"]);

/** The block whose state and time a simulation sees. */
export type SimulatedOn = "latest" | "pending";

/**
 * Simulates on the latest block; what comes too early for that is simulated on the next one. Not on the next one at once: there, an act
 * that is on its way has happened already.
 * @throws SdkError CONTRACT_REVERTED, CHAIN_UNAVAILABLE, …: whatever `simulate` rejects with, as one
 */
export async function simulateInTime<T>(simulate: (blockTag: SimulatedOn) => Promise<T>): Promise<T> {
  try {
    return await simulate("latest");
  } catch (error) {
    const failure = chainFailure(error);
    if (!TOO_EARLY.has(failure.details["errorName"])) throw failure;
  }
  return guarded(() => simulate("pending"));
}

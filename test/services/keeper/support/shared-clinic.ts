/**
 * @module test/services/keeper/support/shared-clinic
 * The one clinic that serves all keeper tests of a run, closed after the last of them.
 */
import { startClinic, type Clinic } from "./clinic.ts";

let shared: Promise<Clinic> | undefined;

/** The clinic of this run, started at first use. */
export function sharedClinic(): Promise<Clinic> {
  shared ??= startClinic();
  return shared;
}

after(async function closeSharedClinic() {
  await (await shared)?.close();
});

/**
 * @module test/support/refusal
 * Asserts that something is refused with a code, and with the reason given beside it.
 */
import { expect } from "chai";
import { SdkError, type SdkErrorCode } from "../../sdk/src/errors.ts";

/** Awaits a refusal and returns it, so that more can be asserted. */
export async function expectRefusal(attempt: Promise<unknown>, code: SdkErrorCode, reason?: string): Promise<SdkError> {
  let error: unknown;
  try {
    await attempt;
  } catch (caught) {
    error = caught;
  }
  if (error === undefined) expect.fail(`expected ${code}, but it was allowed`);
  if (!(error instanceof SdkError)) throw error instanceof Error ? error : new Error(String(error));
  expect({ code: error.code, reason: reason && error.details.reason }, error.message).to.deep.equal({ code, reason });
  return error;
}

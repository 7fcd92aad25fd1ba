/**
 * @module test/services/gateway/codes
 * The code with which a promise is refused.
 */
import { isSdkError } from "@carekey/sdk/errors";

/** The code of the SdkError that `work` rejects with; "none" when it does not reject. Other errors pass. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "none";
  } catch (error) {
    if (isSdkError(error)) return error.code;
    throw error;
  }
}

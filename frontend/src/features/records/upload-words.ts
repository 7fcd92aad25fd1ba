/**
 * @module features/records/upload-words
 * What the upload tray says for each state of a file, and for what holds the whole queue up.
 */
import type { SdkErrorCode } from "@carekey/sdk/errors";
import { errorSentences } from "../../lib/error-sentences.ts";
import { formatSize } from "../../lib/format.ts";
import type { UploadItem } from "../../workers/upload-queue.ts";

/** Done part of a file, 0 to 100. */
export function percentOf({ doneBytes, size }: Pick<UploadItem, "doneBytes" | "size">): number {
  return size === 0 ? 100 : Math.min(100, Math.floor((doneBytes / size) * 100));
}

/** One line under the file's name. */
export function stateWords(item: UploadItem): string {
  const amount = `${formatSize(item.doneBytes)} of ${formatSize(item.size)}`;
  switch (item.state) {
    case "queued":
      return "Waits for its turn.";
    case "checking":
      return `Reading the file on this device. ${percentOf(item)} %`;
    case "uploading":
      return `Encrypted on this device, then sent. ${amount}`;
    case "paused":
      return `Paused. ${amount} are stored.`;
    case "needs-file":
      return item.problem === "NOT_FOUND"
        ? "The server kept this for a day only. Choose the same file again to send it anew."
        : `Choose the same file again to go on. ${amount} are stored already.`;
    case "changed":
      return "This is not the file you began with. Nothing of it was sent.";
    case "failed":
      return item.problem === null ? "This did not work." : `${errorSentences[item.problem].title}.`;
    case "ready":
      return "Stored, and readable by you alone. Ready to add.";
  }
}

/** What the whole queue waits for. */
export function waitingWords(code: SdkErrorCode): { title: string; text: string; action: string } {
  const { title, safe, next } = errorSentences[code];
  switch (code) {
    case "IPFS_UNAVAILABLE":
    case "GATEWAY_UNAVAILABLE":
    case "RATE_LIMITED":
      return {
        title: "Waiting for the file store",
        text: "It does not answer just now. We try again by ourselves; what is sent stays sent.",
        action: "Try now",
      };
    case "QUOTA_EXCEEDED":
      return {
        title,
        text: "What is stored stays stored. Remove a file from this list, or ask the people who run this Carekey for more space.",
        action: "Try again",
      };
    case "STORAGE_FULL":
      return {
        title: "There is no space left",
        text: "What is stored stays stored. Free some space on this device, or try again later if it is the server that is full.",
        action: "Try again",
      };
    default:
      return { title, text: `${safe} ${next}`, action: "Try again" };
  }
}

/**
 * @module services/gateway/codes/mails
 * What a mail with a code says: the code and its use, nothing else.
 */
import { MAIL_CODE_SECONDS, type CodePurpose } from "@carekey/sdk/gateway";
import type { Mail } from "../ports.ts";

const USES: Readonly<Record<CodePurpose | "confirm", string>> = {
  confirm: "to confirm this address",
  "sign-in": "to sign in",
  view: "to open what somebody shared with you",
  approval: "to answer a request",
  settings: "to change your settings",
};

/** The mail that brings a code. */
export function codeMail(to: string, code: string, purpose: CodePurpose | "confirm"): Mail {
  return {
    to,
    subject: "Your Carekey code",
    text: [
      `${code} is your code ${USES[purpose]}.`,
      "",
      `It works once, within ${MAIL_CODE_SECONDS / 60} minutes. Tell it to nobody: nobody at Carekey ever asks for it.`,
      "If you did not ask for a code, somebody else may be using your wallet. Look at “Where you are signed in” under Me.",
      "",
    ].join("\n"),
  };
}

/** A mail address as its owner recognises it and others do not: `a…@example.org`. */
export function hiddenAddress(address: string): string {
  return `${address.slice(0, 1)}…${address.slice(address.lastIndexOf("@"))}`;
}

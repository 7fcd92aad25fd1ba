/**
 * @module test/frontend/lib/error-sentences
 * The words of every failure: complete, plain, and never blaming a person who said no.
 */
import { expect } from "chai";
import { contractAbis } from "@carekey/sdk/contracts";
import { SdkError } from "@carekey/sdk/errors";
import {
  contractErrorSentences,
  errorCodeOf,
  errorSentences,
  isRefusal,
  sentenceFor,
} from "../../../frontend/src/lib/error-sentences.ts";

/** Words that belong behind "Technical details". */
const JARGON = /\b(hash|cid|gas|nonce|epoch|ciphertext|transaction hash|tag|digest|json)\b|!/i;

describe("error sentences", () => {
  const all = [
    ...Object.entries(errorSentences),
    ...Object.entries(contractErrorSentences).map(
      ([name, sentence]) => [name, { ...errorSentences.CONTRACT_REVERTED, ...sentence }] as const,
    ),
  ];

  for (const [name, sentence] of all) {
    it(`says in plain words what happened, what is safe and what to do: ${name}`, () => {
      expect(sentence.title, "title").to.match(/^[A-Z].*[^.]$/);
      expect(sentence.safe, "safe").to.match(/^[A-Z].*\.$/);
      expect(sentence.next, "next").to.match(/^[A-Z].*\.$/);
      expect(`${sentence.title} ${sentence.safe} ${sentence.next}`).not.to.match(JARGON);
    });
  }

  it("has a sentence for every custom error of the contracts, and for nothing else", () => {
    const names = Object.values(contractAbis).flatMap((abi) =>
      abi.flatMap((item) => (item.type === "error" ? [item.name] : [])),
    );
    expect(Object.keys(contractErrorSentences)).to.have.members([...new Set(names)]);
  });

  it("says of an emergency what keepers wait for, under the same codes", () => {
    const sentence = (reason: string) => sentenceFor(new SdkError("NO_CONSENT", "no", { details: { reason } }));
    expect(sentence("emergency-waiting").title).to.equal("The patient’s waiting time is not over yet");
    expect(sentence("no-consent").title).to.equal(errorSentences.NO_CONSENT.title);
    expect(sentence("toString").title).to.equal(errorSentences.NO_CONSENT.title);
  });

  it("never says that nothing changed once keepers honour a revoke", () => {
    const sentence = (keepersTold: number) =>
      sentenceFor(new SdkError("STOPPED_AT_KEEPERS", "half", { details: { keepersTold, total: 3 } }));
    expect(sentence(3).safe).to.match(/^The keepers refuse from now on/);
    expect(sentence(1).safe).to.match(/^1 of 3 keepers refuses from now on/);
    expect(sentence(3).next).to.match(/^Finish it/);
  });

  it("treats a no of the person as a refusal, whoever reports it", () => {
    const refusals = [
      new SdkError("SIGNATURE_REFUSED", "closed"),
      { code: 4001 },
      Object.assign(new Error("outer"), { cause: { name: "UserRejectedRequestError" } }),
      new DOMException("stopped", "AbortError"),
    ];
    for (const error of refusals) expect(isRefusal(error)).to.equal(true);
  });

  it("does not take a fault for a refusal", () => {
    for (const error of [
      new SdkError("CHAIN_UNAVAILABLE", "away"),
      new Error("boom"),
      null,
      "text",
      { code: -32603 },
    ]) {
      expect(isRefusal(error)).to.equal(false);
    }
  });

  it("calls what Carekey did not throw itself INTERNAL", () => {
    for (const error of [new TypeError("x is not a function"), undefined, 7]) {
      expect(errorCodeOf(error)).to.equal("INTERNAL");
    }
  });

  it("survives an error that is its own cause", () => {
    const error = new Error("loop");
    error.cause = error;
    expect(errorCodeOf(error)).to.equal("INTERNAL");
  });

  it("names the contract's refusal by the custom error", () => {
    const error = new SdkError("CONTRACT_REVERTED", "reverted", { details: { errorName: "RecordAuthorNotVerified" } });
    expect(sentenceFor(error).title).to.equal(contractErrorSentences.RecordAuthorNotVerified.title);
    expect(sentenceFor(error).safe).to.equal(errorSentences.CONTRACT_REVERTED.safe);
  });

  it("falls back to the general sentence for an unknown custom error", () => {
    for (const errorName of ["toString", "Unheard", null]) {
      const error = new SdkError("CONTRACT_REVERTED", "reverted", { details: { errorName } });
      expect(sentenceFor(error)).to.deep.equal(errorSentences.CONTRACT_REVERTED);
    }
  });

  it("says what is wrong with a mistyped recovery code", () => {
    const length = new SdkError("MALFORMED", "code", { details: { reason: "length", found: 55 } });
    expect(sentenceFor(length).title).to.contain("not 55");
    const character = new SdkError("MALFORMED", "code", { details: { reason: "character", position: 12 } });
    expect(sentenceFor(character).title).to.contain("12");
    expect(sentenceFor(new SdkError("MALFORMED", "block"))).to.deep.equal(errorSentences.MALFORMED);
  });

  it("tells a damaged way to unlock, and the paper of another account, from an attack", () => {
    const slot = new SdkError("MALFORMED", "slot", { details: { reason: "slot" } });
    expect(sentenceFor(slot).next).to.contain("recovery code");
    const other = new SdkError("KEY_MISMATCH", "keys", { details: { reason: "other-account" } });
    expect(sentenceFor(other)).to.include({ tone: "problem", title: "This belongs to another account" });
    expect(sentenceFor(new SdkError("KEY_MISMATCH", "served"))).to.deep.equal(errorSentences.KEY_MISMATCH);
  });

  it("calls tampering danger, and nothing that a person did", () => {
    for (const code of [
      "KEY_MISMATCH",
      "KEY_CHANGED",
      "HISTORY_MISMATCH",
      "CID_MISMATCH",
      "KEEPER_MISBEHAVED",
    ] as const) {
      expect(errorSentences[code].tone, code).to.equal("danger");
    }
    for (const code of ["SIGNATURE_REFUSED", "CANCELLED"] as const) {
      expect(errorSentences[code].tone, code).to.equal("refusal");
    }
  });
});

/**
 * @module test/sdk/client/news
 * What is behind a wake-up: only the chain may say that something was decided or confirmed, whatever a message claims.
 */
import { expect } from "chai";
import type { TransactionEvents } from "../../../sdk/src/chain/index.ts";
import type { CborValue } from "../../../sdk/src/cbor.ts";
import type { InboxMessage } from "../../../sdk/src/client/inbox.ts";
import { newsOfEvents } from "../../../sdk/src/client/news-of-chain.ts";
import { namesTold, newsOfMessage } from "../../../sdk/src/client/news-of-messages.ts";

const ME = "0x0000000000000000000000000000000000000001";
const OTHER = "0x0000000000000000000000000000000000000002";

function message(kind: InboxMessage["kind"], body: CborValue): InboxMessage {
  return { id: "0x01", kind, body, sender: OTHER, keyDocument: "0x", sentAt: 1, receivedAt: 1 };
}

const event = (eventName: string, args: object) => [{ eventName, args }] as unknown as TransactionEvents;

describe("news in messages", () => {
  it("are who wrote and what they said", () => {
    expect(newsOfMessage(message("request", { purpose: "Knee pain" }))).to.deep.equal({
      what: "request",
      who: OTHER,
      words: "Knee pain",
    });
  });

  it("never say what only the chain may say", () => {
    const decision = { type: "decision", entryId: new Uint8Array(32), verdict: "approved", reason: null };
    expect(newsOfMessage(message("note", decision)).what).to.equal("message");
    expect(newsOfMessage(message("application-answer", { verdict: "verified" })).what).to.equal("message");
    expect(newsOfMessage(message("note", { type: "emergency-reason", asks: false })).what).to.equal("message");
  });

  it("are just a message when the body is anything else", () => {
    for (const body of [null, 7, "text", ["list"], new Uint8Array(3), { type: "constructor" }]) {
      expect(newsOfMessage(message("note", body)).what, String(body)).to.equal("message");
      expect(newsOfMessage(message("succession", body)).what, String(body)).to.equal("message");
      expect(newsOfMessage(message("request", body)).words, String(body)).to.equal(null);
    }
  });

  it("cut what is too long, also names", () => {
    expect(newsOfMessage(message("request", { purpose: "x".repeat(9_000) })).words).to.have.length(500);
    const names = namesTold([message("grant", { patientName: "R".repeat(9_000) })]);
    expect(names.get(OTHER)).to.have.length(100);
  });
});

describe("news in the chain", () => {
  it("are about this person only", () => {
    const submitted = (patient: string) => event("Submitted", { patient, author: OTHER });
    expect(newsOfEvents(submitted(ME), "entry", { address: ME })).to.include({ what: "entry", who: OTHER });
    expect(newsOfEvents(submitted(OTHER), "entry", { address: ME })).to.equal(null);
  });

  it("do not count as another kind than they are, whatever the gateway says", () => {
    const suspended = event("Suspended", { account: ME });
    expect(newsOfEvents(suspended, "licence", { address: ME })).to.include({ what: "suspended" });
    expect(newsOfEvents(suspended, "sharing", { address: ME })).to.equal(null);
    expect(newsOfEvents([], "licence", { address: ME })).to.equal(null);
  });

  it("tell both ways of a decision", () => {
    const decided = (verdict: number) =>
      newsOfEvents(event("Decided", { patient: OTHER, entryId: "0xe1", verdict }), "decision", { address: ME });
    expect(decided(1)?.decided).to.deep.equal({ approved: ["0xe1"], denied: [] });
    expect(decided(2)?.decided).to.deep.equal({ approved: [], denied: ["0xe1"] });
  });
});

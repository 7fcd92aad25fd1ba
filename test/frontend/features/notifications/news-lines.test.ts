/**
 * @module test/frontend/features/notifications/news-lines
 * One list of the gateway's wake-ups and the device's own news, in plain words, each leading to a screen that the role has.
 */
import { expect } from "chai";
import type { NewsItem } from "@carekey/sdk/client";
import type { DeviceNews } from "../../../../frontend/src/lib/device-news.ts";
import { newsLines } from "../../../../frontend/src/features/notifications/news-lines.ts";

const WHO = "0x0000000000000000000000000000000000000002";

function item(cursor: number, rest: Partial<NewsItem> = {}): NewsItem {
  const base = { kind: "message", readAt: null, txHash: null, messageId: null } as const;
  return { ...base, cursor, at: cursor * 100, what: "request", who: WHO, name: "Dr Vik", words: null, ...rest };
}

const end: DeviceNews & { isRead: boolean } = {
  id: "end",
  ids: ["end"],
  what: "given-ends",
  name: "Dr Vik",
  who: WHO,
  at: 150,
  endsAt: 9_000,
  isRead: false,
};

describe("lines of notifications", () => {
  it("are in the order of their time, newest first", () => {
    const lines = newsLines([item(2), item(1)], [end], { role: "patient", hasMore: false });
    expect(lines.map(({ at }) => at)).to.deep.equal([200, 150, 100]);
  });

  it("hold back what belongs to an older page", () => {
    const lines = newsLines([item(2)], [end], { role: "patient", hasMore: true });
    expect(lines.map(({ at }) => at)).to.deep.equal([200]);
  });

  it("say who, and what they said", () => {
    const [line] = newsLines([item(1, { words: "Knee pain" })], [], { role: "patient", hasMore: false });
    expect(line).to.include({ text: "Dr Vik asks to see your records.", more: "“Knee pain”", path: "/sharing" });
  });

  it("do not say a name twice", () => {
    const application = (words: string) => item(1, { what: "application", name: "Dr Vik", words });
    const more = (words: string) => newsLines([application(words)], [], { role: "registrar", hasMore: false })[0]!.more;
    expect([more("Dr Vik"), more("Dr Vik Holm")]).to.deep.equal([null, "“Dr Vik Holm”"]);
  });

  it("lead nowhere where the role has no screen for it", () => {
    const paths = (["patient", "clinician", "organisation", "registrar"] as const).map(
      (role) => newsLines([item(1, { what: "application" })], [], { role, hasMore: false })[0]!.path,
    );
    expect(paths).to.deep.equal([null, null, null, "/applications"]);
  });

  it("tell one’s own emergency request as one’s own", () => {
    const own = item(1, { what: "emergency", who: null, name: null });
    const [line] = newsLines([own], [], { role: "clinician", hasMore: false });
    expect(line).to.include({ text: "You asked for emergency access.", isUrgent: true, path: "/emergency" });
  });
});

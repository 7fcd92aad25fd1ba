/**
 * @module test/frontend/care/entry-drafts
 * Drafts of entries: kept sealed, found again by their name, forgotten when told so.
 */
import { expect } from "chai";
import { memoryStore } from "@carekey/sdk/client";
import { MAX_DRAFTS, fittingValues, openDraftBook } from "../../../frontend/src/features/care/entry-drafts.ts";
import { deriveDeviceKey } from "../../../frontend/src/lib/device-seal.ts";

const PLACE = "carekey/entry-drafts/v1/31337/0x01/0x02";
const NOTE = { title: "Visit note", findings: "A page of careful words.", results: [{ value: "5" }] };

async function fixture() {
  const store = memoryStore();
  let now = 1000;
  const open = async (secret = 7) =>
    openDraftBook({
      store,
      key: await deriveDeviceKey(new Uint8Array(32).fill(secret), "carekey/entry-drafts/v1"),
      place: PLACE,
      now: () => now++,
    });
  return { store, open, book: await open() };
}

describe("entry drafts", () => {
  it("are found again by name, on the next start", async () => {
    const { book, open } = await fixture();
    await book.save("note/0xaa/new", NOTE);
    expect(await (await open()).load("note/0xaa/new")).to.deep.equal({ savedAt: 1000, values: NOTE });
    expect(await book.load("note/0xbb/new")).to.equal(null);
  });

  it("are noise to another person, and say nothing of whom they are about", async () => {
    const { book, open, store } = await fixture();
    await book.save("note/0xaa/new", NOTE);
    const sealed = new TextDecoder().decode((await store.get(PLACE))!);
    for (const word of ["careful", "note", "0xaa"]) expect(sealed).to.not.contain(word);
    expect(await (await open(8)).load("note/0xaa/new")).to.equal(null);
  });

  it("keep the last of changes that follow each other closely", async () => {
    const { book } = await fixture();
    const changes = ["A", "A p", "A page"].map((findings) => book.save("note", { findings }));
    await Promise.all([...changes, book.save("other", NOTE)]);
    expect((await book.load("note"))!.values).to.deep.equal({ findings: "A page" });
    expect((await book.load("other"))!.values).to.deep.equal(NOTE);
  });

  it("are gone once dropped, alone", async () => {
    const { book } = await fixture();
    await book.save("note", NOTE);
    await book.save("other", NOTE);
    await book.drop("note");
    expect(await book.load("note")).to.equal(null);
    expect(await book.load("other")).to.not.equal(null);
  });

  it("are bounded: the oldest makes room", async () => {
    const { book } = await fixture();
    for (let index = 0; index <= MAX_DRAFTS; index++) await book.save(`note ${index}`, NOTE);
    expect(await book.load("note 0")).to.equal(null);
    expect(await book.load("note 1")).to.not.equal(null);
  });

  describe("fittingValues", () => {
    const start = { title: "", days: "" as number | string, isNeeded: false, results: [] as unknown[] };

    it("takes what the form has", () => {
      const draft = { title: "T", days: 5, isNeeded: true, results: [1] };
      expect(fittingValues(start, draft)).to.deep.equal(draft);
    });

    it("leaves out what it has not, and what is of another kind", () => {
      expect(fittingValues(start, { title: ["T"], isNeeded: "yes", results: {}, more: 1 })).to.deep.equal(start);
      expect(fittingValues(start, null)).to.deep.equal(start);
    });
  });
});

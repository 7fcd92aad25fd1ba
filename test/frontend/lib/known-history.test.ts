/**
 * @module test/frontend/lib/known-history
 * Naming the entry that a server hides, changes or moves.
 */
import { expect } from "chai";
import { memoryStore } from "@carekey/sdk/client";
import { deriveDeviceKey } from "../../../frontend/src/lib/device-seal.ts";
import {
  findFaults,
  knownFrom,
  loadKnown,
  mergeTitles,
  saveKnown,
  type KnownEntry,
} from "../../../frontend/src/lib/known-history.ts";
import { id, record } from "../features/records/fixtures.ts";

const entry = (number: number, pointer = 1000 + number): KnownEntry => ({
  entryId: id(number),
  pointer: id(pointer),
  title: `Entry ${number}`,
  recordedAt: number,
});
const known = [entry(0), entry(1), entry(2), entry(3)];
const faults = (served: KnownEntry[]) =>
  findFaults(known, served).map(({ kind, entry: { title } }) => `${title} ${kind}`);

describe("known history", () => {
  describe("findFaults", () => {
    it("finds none in the same history, nor in a longer one", () => {
      expect(faults(known)).to.deep.equal([]);
      expect(faults([...known, entry(4)])).to.deep.equal([]);
      expect(findFaults([], known)).to.deep.equal([]);
    });

    it("names a hidden entry, in the middle and at the end", () => {
      expect(faults([entry(0), entry(2), entry(3)])).to.deep.equal(["Entry 1 missing"]);
      expect(faults([entry(0), entry(1), entry(2)])).to.deep.equal(["Entry 3 missing"]);
    });

    it("names a changed entry", () => {
      expect(faults([entry(0), entry(1, 7777), entry(2), entry(3)])).to.deep.equal(["Entry 1 changed"]);
      expect(faults([entry(0), entry(88), entry(2), entry(3)])).to.deep.equal(["Entry 1 changed"]);
    });

    it("names an entry that is not in its place", () => {
      expect(faults([entry(0), entry(2), entry(1), entry(3)])).to.deep.equal(["Entry 2 moved"]);
    });

    it("knows an entry again by its content when its id follows another history", () => {
      const renamed = { ...entry(3), entryId: id(99) };
      expect(faults([entry(0), entry(1), entry(2), renamed])).to.deep.equal([]);
    });
  });

  it("remembers entries oldest first, and a title after its content is gone", () => {
    const before = knownFrom([record({ index: 1, name: "b" }), record({ index: 0, name: "a" })]);
    expect(before.map(({ title }) => title)).to.deep.equal(["a", "b"]);
    const after = knownFrom([record({ index: 0, unreadable: true }), record({ index: 1, name: "b" })]);
    expect(mergeTitles(before, after).map(({ title }) => title)).to.deep.equal(["a", "b"]);
  });

  describe("on the device", () => {
    const keyOf = (fill: number) => deriveDeviceKey(new Uint8Array(32).fill(fill), "carekey/known-history/v1");

    it("is sealed, and opens for the same person in the same place", async () => {
      const store = memoryStore();
      const place = { store, key: await keyOf(1), place: "here" };
      await saveKnown(place, known);
      expect(await loadKnown(place)).to.deep.equal(known);
      expect(Buffer.from((await store.get("here"))!).toString("latin1")).to.not.include("Entry");
    });

    it("reads as nothing for another person, another place, and when altered", async () => {
      const store = memoryStore();
      const key = await keyOf(1);
      await saveKnown({ store, key, place: "here" }, known);
      const sealed = (await store.get("here"))!;
      expect(await loadKnown({ store, key: await keyOf(2), place: "here" })).to.deep.equal([]);
      await store.put("there", sealed);
      expect(await loadKnown({ store, key, place: "there" })).to.deep.equal([]);
      sealed[sealed.length - 1]! ^= 1;
      await store.put("here", sealed);
      expect(await loadKnown({ store, key, place: "here" })).to.deep.equal([]);
    });
  });
});

/**
 * @module test/sdk/crypto/slot
 * A slot opens with its passphrase for its owner, never with a cheaper key derivation.
 */
import { expect } from "chai";
import fc from "fast-check";
import { fromHex, toHex } from "../../../sdk/src/bytes.ts";
import { openSlot, sealSlot, slotSchema, type Slot } from "../../../sdk/src/crypto/index.ts";
import { CHAIN, RUNS, expectCode, fixedRandom, flipped, patient, stranger } from "../records/support.ts";

const passphrase = "correct horse battery staple harbour";
const owner = { chainId: CHAIN.chainId, address: patient.address };
const seed = patient.keys.seed;

describe("unlock slot", function () {
  this.timeout(120_000);
  let slot: Slot;

  before(async () => {
    slot = await sealSlot({ seed, generation: 4, owner, passphrase, random: fixedRandom("slot") });
  });

  it("opens to the seed and its generation, however the passphrase is spaced and composed", async () => {
    const opened = await openSlot({ slot, owner, passphrase: `  ${passphrase.replace(" ", "   ")} ` });
    expect(opened.generation).to.equal(4);
    expect(toHex(opened.seed)).to.equal(toHex(seed));
  });

  it("travels as JSON that its schema takes", () => {
    expect(slotSchema.parse(JSON.parse(JSON.stringify(slot)))).to.deep.equal(slot);
    expect(slot.kdf).to.include({ name: "scrypt", n: 2 ** 17, r: 8, p: 1 });
  });

  it("shows how far it is, and lets the page breathe", async () => {
    const progress: number[] = [];
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    await openSlot({ slot, owner, passphrase, onProgress: (value) => progress.push(value) });
    clearInterval(timer);
    expect(progress.at(-1)).to.be.closeTo(1, 0.01);
    expect(ticks).to.be.greaterThan(3);
  });

  it("does not open with another passphrase", async () => {
    await expectCode(
      () => openSlot({ slot, owner, passphrase: "correct horse battery staple harbor" }),
      "WRONG_SECRET",
    );
  });

  it("does not open for another person or on another chain", async () => {
    await expectCode(
      () => openSlot({ slot, owner: { ...owner, address: stranger.address }, passphrase }),
      "WRONG_SECRET",
    );
    await expectCode(() => openSlot({ slot, owner: { ...owner, chainId: 1 }, passphrase }), "WRONG_SECRET");
  });

  it("does not open when anything in it was altered", async () => {
    const turn = (hex: Slot["sealed"]) => toHex(flipped(fromHex(hex), 0));
    const altered: Slot[] = [
      { ...slot, generation: 5 },
      { ...slot, sealed: turn(slot.sealed) },
    ];
    for (const other of altered) await expectCode(() => openSlot({ slot: other, owner, passphrase }), "WRONG_SECRET");
  });

  it("never runs a derivation that is too cheap or absurdly dear", async () => {
    const started = performance.now();
    for (const kdf of [{ n: 2 ** 16 }, { n: 2 ** 21 }, { n: 2 ** 17 + 1 }, { r: 7 }, { r: 17 }, { p: 5 }]) {
      const other = { ...slot, kdf: { ...slot.kdf, ...kdf } };
      const error = await expectCode(() => openSlot({ slot: other, owner, passphrase }), "MALFORMED");
      expect(error.details).to.include(kdf);
    }
    expect(performance.now() - started).to.be.lessThan(100);
  });

  it("refuses what is no slot", async () => {
    const entries: [string, unknown][] = Object.entries(slot);
    const broken = fc.oneof(
      fc.jsonValue(),
      fc.tuple(fc.nat(entries.length - 1), fc.jsonValue()).map(([index, value]) => {
        return Object.fromEntries(entries.with(index, [entries[index]![0], value]));
      }),
      fc.nat(entries.length - 1).map((index) => Object.fromEntries(entries.toSpliced(index, 1))),
      fc.string().map((key) => ({ ...slot, [`x${key}`]: 1 })),
    );
    await fc.assert(
      fc.asyncProperty(broken, async (value) => {
        fc.pre(!slotSchema.safeParse(value).success);
        await expectCode(() => openSlot({ slot: value, owner, passphrase }), "MALFORMED");
      }),
      { numRuns: RUNS },
    );
  });

  it("is not sealed under a weak passphrase, and says why", async () => {
    const error = await expectCode(
      () => sealSlot({ seed, generation: 0, owner, passphrase: "password1234" }),
      "WEAK_PASSPHRASE",
    );
    expect(error.details.problems).to.include("common");
    expect(error.details.reasons).to.have.length((error.details.problems as unknown[]).length);
  });

  it("is not sealed over a seed of another length", async () => {
    await expectCode(() => sealSlot({ seed: seed.slice(1), generation: 0, owner, passphrase }), "INVALID_ARGUMENT");
  });
});

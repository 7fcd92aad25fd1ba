/**
 * @module test/sdk/records/vault
 * The vault opens for its owner only, and merging loses nothing whatever the order.
 */
import { expect } from "chai";
import fc from "fast-check";
import { toHex, type Address, type Hex } from "../../../sdk/src/bytes.ts";
import {
  chartEpoch,
  conflictingEpochs,
  emptyVault,
  generationOfVault,
  mergeVaults,
  openVault,
  scopeEpoch,
  sealVault,
  type SealedVault,
  type VaultContext,
  type VaultState,
} from "../../../sdk/src/records/index.ts";
import { CHAIN, RUNS, expectCode, malformed, patient, stranger } from "./support.ts";

const context: VaultContext = { ...CHAIN, patient: patient.address, generation: 0 };
const vaultKey = patient.keys.vaultKey;
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const hex32 = bytes(32).map(toHex);
const address = fc.constantFrom<Address>(patient.address, stranger.address);
const updatedAt = fc.nat(5); // few values, so that writes collide
const text = fc.string({ maxLength: 12 });
const fewHex = fc.constantFrom<Hex>(`0x${"01".repeat(32)}`, `0x${"02".repeat(32)}`, `0x${"03".repeat(32)}`);
const few = fc.constantFrom("labs", "imaging", "record/0x12");
const lower = address.map((value) => value.toLowerCase());
const map = <T>(key: fc.Arbitrary<string>, value: fc.Arbitrary<T>) =>
  fc.dictionary(key, value, { maxKeys: 3, noNullPrototype: true });

const states: fc.Arbitrary<VaultState> = fc.record({
  scopes: map(few, fc.record({ updatedAt, label: text, tag: hex32, generation: fc.nat(3) })),
  rotations: map(fewHex, fc.record({ updatedAt, epoch: fc.nat(4), scopes: fc.array(few, { maxLength: 2 }) })),
  consents: map(
    fewHex,
    fc.record({
      updatedAt,
      terms: fc.array(text, { maxLength: 2 }),
      bundle: fc.option(hex32),
      granteeKeyDocument: fc.option(hex32),
    }),
  ),
  contacts: map(lower, fc.record({ updatedAt, keyDocument: hex32, name: text, confirmed: fc.boolean() })),
  entries: map(fewHex, fc.record({ updatedAt, scope: fc.option(text), reason: fc.option(text) })),
  checkpoints: map(
    lower.map((owner) => `${owner}/1024`),
    fc.record({ updatedAt, index: fc.nat(), head: hex32, blockNumber: fc.nat(), blockHash: hex32 }),
  ),
  requests: map(
    fewHex,
    fc.record({ updatedAt, verdict: fc.constantFrom("granted", "refused"), grantee: address, reason: fc.option(text) }),
  ),
  seeds: map(fc.constantFrom("0", "1"), fc.record({ updatedAt, seed: bytes(32).map((seed) => new Uint8Array(seed)) })),
});

/** Opens a sealed vault whose blocks are all at hand. */
function open(sealed: SealedVault, change: Partial<Parameters<typeof openVault>[0]> = {}): Promise<VaultState> {
  const store = new Map(sealed.blocks.map((block) => [block.digest, block.bytes]));
  const getBlock = async (digest: Hex) => store.get(digest) ?? new Uint8Array();
  return openVault({ bytes: store.get(sealed.digest)!, vaultKey, context, getBlock, ...change });
}

function largeState(): VaultState {
  const checkpoint = {
    updatedAt: 1,
    index: 1,
    head: toHex(new Uint8Array(32)),
    blockNumber: 1,
    blockHash: toHex(new Uint8Array(32)),
  };
  const checkpoints = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [
      `${patient.address.toLowerCase()}/${index}`,
      { ...checkpoint, index },
    ]),
  );
  return { ...emptyVault(), checkpoints };
}

describe("vault", function () {
  this.timeout(120_000);

  it("opens to what was sealed", async () => {
    await fc.assert(
      fc.asyncProperty(states, async (state) => {
        const sealed = sealVault({ state, vaultKey, context });
        expect(sealed.blocks).to.have.length(1);
        expect(await open(sealed)).to.deep.equal(state);
      }),
      { numRuns: RUNS },
    );
  });

  it("spreads over several blocks when one cannot hold it", async () => {
    const state = largeState();
    const sealed = sealVault({ state, vaultKey, context });
    expect(sealed.blocks.length).to.be.greaterThan(2);
    for (const block of sealed.blocks) expect(block.bytes.length).to.be.at.most(2 ** 20);
    const opened = await open(sealed);
    expect(Object.keys(opened.checkpoints)).to.have.length(20_000);
  });

  it("does not open with a part missing, exchanged or altered", async () => {
    const sealed = sealVault({ state: largeState(), vaultKey, context });
    const [one, two] = sealed.blocks as [SealedVault["blocks"][0], SealedVault["blocks"][0]];
    for (const getBlock of [async () => new Uint8Array(), async () => one.bytes, async () => two.bytes]) {
      await expectCode(() => open(sealed, { getBlock }), "DECRYPTION_FAILED");
    }
  });

  it("opens for no other key, person, chain or generation", async () => {
    const sealed = sealVault({ state: emptyVault(), vaultKey, context });
    expect(generationOfVault(sealed.blocks[0]!.bytes)).to.equal(0);
    await expectCode(() => open(sealed, { vaultKey: stranger.keys.vaultKey }), "DECRYPTION_FAILED");
    for (const change of [
      { patient: stranger.address },
      { chainId: 1 },
      { contract: stranger.address },
      { generation: 1 },
    ]) {
      await expectCode(() => open(sealed, { context: { ...context, ...change } }), "DECRYPTION_FAILED");
    }
  });

  it("hides how much it holds below 1 KiB", () => {
    const contacts = {
      [stranger.address.toLowerCase()]: { updatedAt: 1, keyDocument: stranger.keyDocument, name: "M", confirmed: true },
    };
    const sizes = [emptyVault(), { ...emptyVault(), contacts }].map(
      (state) => sealVault({ state, vaultKey, context }).blocks[0]!.bytes.length,
    );
    expect(sizes[0]).to.equal(sizes[1]);
  });

  it("refuses every malformed block", async () => {
    const sealed = sealVault({ state: emptyVault(), vaultKey, context });
    await fc.assert(
      fc.asyncProperty(malformed(sealed.blocks[0]!.bytes), async (block) => {
        const codes = ["DECRYPTION_FAILED", "MALFORMED", "UNSUPPORTED_VERSION"] as const;
        await expectCode(() => open(sealed, { bytes: block }), ...codes);
      }),
      { numRuns: RUNS },
    );
  });

  it("refuses keys and fields that could not be read back", async () => {
    const contact = { updatedAt: 1, keyDocument: stranger.keyDocument, name: "M", confirmed: true };
    const wrong: Partial<VaultState>[] = [
      { contacts: { [stranger.address]: contact } }, // not in lower case
      { contacts: { [stranger.address.toLowerCase()]: { ...contact, updatedAt: -1 } } },
      { seeds: { one: { updatedAt: 1, seed: new Uint8Array(32) } } },
      { seeds: { "1": { updatedAt: 1, seed: new Uint8Array(31) } } },
      { scopes: { Labs: { updatedAt: 1, label: "Labs", tag: stranger.keyDocument, generation: 0 } } },
    ];
    for (const change of wrong) {
      await expectCode(
        () => sealVault({ state: { ...emptyVault(), ...change }, vaultKey, context }),
        "INVALID_ARGUMENT",
      );
    }
  });

  describe("mergeVaults", () => {
    it("does not depend on order, grouping or repetition, and keeps every key", () => {
      fc.assert(
        fc.property(states, states, states, (a, b, c) => {
          const merged = mergeVaults(a, b, c);
          expect(mergeVaults(c, a, b)).to.deep.equal(merged);
          expect(mergeVaults(a, mergeVaults(b, c))).to.deep.equal(merged);
          expect(mergeVaults(merged, a, merged)).to.deep.equal(merged);
          expect(mergeVaults(a, emptyVault())).to.deep.equal(a);
          for (const state of [a, b, c])
            expect(Object.keys(merged.contacts)).to.include.members(Object.keys(state.contacts));
        }),
        { numRuns: RUNS },
      );
    });

    it("takes the later write of a key", () => {
      const entry = (scope: string, at: number): VaultState => ({
        ...emptyVault(),
        entries: { [`0x${"01".repeat(32)}`]: { updatedAt: at, scope, reason: null } },
      });
      const merged = mergeVaults(entry("labs", 5), entry("imaging", 6), entry("general", 4));
      expect(Object.values(merged.entries)).to.deep.equal([{ updatedAt: 6, scope: "imaging", reason: null }]);
    });
  });

  describe("epochs", () => {
    const rotation = (epoch: number, ...scopes: string[]) => ({ updatedAt: 1, epoch, scopes });
    const digest = (byte: number): Hex => toHex(new Uint8Array(32).fill(byte));

    it("count over the chart; a scope's is that of its last rotation", () => {
      const rotations = {
        [digest(1)]: rotation(1, "labs"),
        [digest(2)]: rotation(2, "imaging"),
        [digest(3)]: rotation(3, "labs"),
      };
      const state = { ...emptyVault(), rotations };
      expect(chartEpoch(emptyVault())).to.equal(0);
      expect(chartEpoch(state)).to.equal(3);
      expect(scopeEpoch(state, "labs")).to.equal(3);
      expect(scopeEpoch(state, "imaging")).to.equal(2);
      expect(scopeEpoch(state, "genetics")).to.equal(0);
      expect(conflictingEpochs(state)).to.deep.equal([]);
    });

    it("that two devices announced at once show after a merge", () => {
      const one = { ...emptyVault(), rotations: { [digest(1)]: rotation(1, "labs") } };
      const two = { ...emptyVault(), rotations: { [digest(2)]: rotation(1, "imaging") } };
      expect(conflictingEpochs(mergeVaults(one, two))).to.deep.equal([1]);
    });
  });
});

/**
 * @module test/sdk/crypto/secret-slot
 * A slot under a passkey or a wallet opens with its secret, for its owner, and with nothing in it altered.
 */
import { expect } from "chai";
import fc from "fast-check";
import { fromHex, toHex, type Hex } from "../../../sdk/src/bytes.ts";
import {
  openSecretSlot,
  passkeySlotSchema,
  sealSecretSlot,
  walletSlotSchema,
  type SecretSlot,
  type SecretSource,
} from "../../../sdk/src/crypto/index.ts";
import { CHAIN, RUNS, expectCode, fixedRandom, flipped, patient, stranger } from "../records/support.ts";

const owner = { chainId: CHAIN.chainId, address: patient.address };
const seed = patient.keys.seed;
const salt = toHex(fixedRandom("salt")(32));
const credential = toHex(fixedRandom("credential")(16));
const turn = (hex: Hex) => toHex(flipped(fromHex(hex), 0));

const kinds: { source: SecretSource; secret: Uint8Array }[] = [
  { source: { kind: "passkey", kdf: { name: "webauthn-prf", salt, credential } }, secret: fixedRandom("prf")(32) },
  { source: { kind: "wallet", kdf: { name: "eip712-signature", salt } }, secret: fixedRandom("signature")(65) },
];

for (const { source, secret } of kinds) {
  describe(`unlock slot of a ${source.kind}`, () => {
    const seal = (changes: Partial<Parameters<typeof sealSecretSlot>[0]> = {}) =>
      sealSecretSlot({
        source,
        seed,
        generation: 4,
        owner,
        secret,
        label: "Chrome on Linux",
        createdAt: 7,
        ...changes,
      });
    const slot = seal();
    const open = (changed: unknown, as = owner, by = secret) =>
      openSecretSlot({ slot: changed, owner: as, secret: by });

    it("opens to the seed and its generation, after a journey as JSON", () => {
      const opened = open(JSON.parse(JSON.stringify(slot)));
      expect(toHex(opened.seed)).to.equal(toHex(seed));
      expect(opened.generation).to.equal(4);
    });

    it("does not open with any other secret", async () => {
      for (const index of [0, 13, secret.length - 1]) {
        await expectCode(() => open(slot, owner, flipped(secret, index)), "WRONG_SECRET");
      }
    });

    it("does not open for another person or on another chain", async () => {
      await expectCode(() => open(slot, { ...owner, address: stranger.address }), "WRONG_SECRET");
      await expectCode(() => open(slot, { ...owner, chainId: 1 }), "WRONG_SECRET");
    });

    it("does not open when anything in it was altered", async () => {
      const altered: unknown[] = [
        { ...slot, generation: 5 },
        { ...slot, label: "Chrome on Windows" },
        { ...slot, createdAt: 8 },
        { ...slot, nonce: turn(slot.nonce) },
        { ...slot, sealed: turn(slot.sealed) },
        { ...slot, kdf: { ...slot.kdf, salt: turn(slot.kdf.salt) } },
      ];
      if (slot.kind === "passkey") altered.push({ ...slot, kdf: { ...slot.kdf, credential: turn(credential) } });
      for (const other of altered) await expectCode(() => open(other), "WRONG_SECRET");
    });

    it("takes no shorter salt, secret or name, and no longer one", async () => {
      const shortSalt = { ...source, kdf: { ...source.kdf, salt: toHex(new Uint8Array(31)) } } as SecretSource;
      await expectCode(() => seal({ source: shortSalt }), "INVALID_ARGUMENT");
      await expectCode(() => seal({ secret: secret.subarray(1) }), "INVALID_ARGUMENT");
      await expectCode(() => seal({ label: "" }), "INVALID_ARGUMENT");
      await expectCode(() => seal({ label: "x".repeat(65) }), "INVALID_ARGUMENT");
      await expectCode(() => open({ ...slot, kdf: { ...slot.kdf, salt: toHex(new Uint8Array(16)) } }), "MALFORMED");
    });

    it("refuses what is no such slot", async () => {
      const schema = slot.kind === "passkey" ? passkeySlotSchema : walletSlotSchema;
      const entries: [string, unknown][] = Object.entries(slot satisfies SecretSlot);
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
          fc.pre(!schema.safeParse(value).success);
          await expectCode(() => open(value), "MALFORMED");
        }),
        { numRuns: RUNS },
      );
    });
  });
}

describe("unlock slots of two kinds", () => {
  it("do not pass for each other, even under the same bytes", async () => {
    const [passkey] = kinds as [(typeof kinds)[0]];
    const slot = sealSecretSlot({ ...passkey, seed, generation: 0, owner, label: "x", createdAt: 0 });
    const disguised = { ...slot, kind: "wallet", kdf: { name: "eip712-signature", salt } };
    await expectCode(() => openSecretSlot({ slot: disguised, owner, secret: new Uint8Array(65) }), "WRONG_SECRET");
  });
});

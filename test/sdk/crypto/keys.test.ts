/**
 * @module test/sdk/crypto/keys
 * Everything a person holds follows from the seed, and nothing of it from anything else.
 */
import { XWing } from "@hpke/hybridkem-x-wing";
import { ed25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect } from "chai";
import fc from "fast-check";
import { concatBytes, toHex, u32be, utf8 } from "../../../sdk/src/bytes.ts";
import {
  derivePersonKeys,
  deriveScopeKey,
  deriveTag,
  newEnvelopeKeys,
  newSeed,
} from "../../../sdk/src/crypto/index.ts";
import { expectCode, fixedRandom } from "../records/support.ts";

const place = ([seed, scope, epoch]: [Uint8Array, string, number]) => JSON.stringify([toHex(seed), scope, epoch]);
const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe("keys", () => {
  describe("newSeed", () => {
    it("gives 32 bytes that are new each time", () => {
      const seed = newSeed();
      expect(seed).to.have.length(32);
      expect(toHex(newSeed())).not.to.equal(toHex(seed));
    });

    it("takes its bytes from the randomness it is given", () => {
      expect(newSeed(fixedRandom("seed"))).to.deep.equal(fixedRandom("seed")(32));
    });
  });

  describe("derivePersonKeys", () => {
    it("derives by HKDF with the label as u16be length and bytes after 'carekey/'", () => {
      const seed = newSeed(fixedRandom("seed"));
      const info = concatBytes(utf8("carekey/"), new Uint8Array([0, 8]), utf8("xwing/v1"));
      expect(derivePersonKeys(seed, 0).xwingSecret).to.deep.equal(hkdf(sha256, seed, undefined, info, 32));
    });

    it("gives the X-Wing public key that the HPKE library computes from the same raw secret", async () => {
      await fc.assert(
        fc.asyncProperty(seeds, async (seed) => {
          const keys = derivePersonKeys(seed, 0);
          const kem = new XWing();
          const pair = await kem.generateKeyPairDerand(new Uint8Array(keys.xwingSecret));
          const publicKey = await kem.serializePublicKey(pair.publicKey);
          expect(toHex(keys.xwingPublicKey)).to.equal(toHex(new Uint8Array(publicKey)));
        }),
        { numRuns: 10 },
      );
    });

    it("gives an Ed25519 public key that belongs to its secret", () => {
      const keys = derivePersonKeys(newSeed(), 3);
      expect(keys.signPublicKey).to.deep.equal(ed25519.getPublicKey(keys.signSecret));
      expect(keys.generation).to.equal(3);
    });

    it("keeps its own copy of the seed", () => {
      const seed = newSeed();
      const keys = derivePersonKeys(seed, 0);
      seed.fill(0);
      expect(toHex(keys.seed)).not.to.equal(toHex(seed));
    });

    it("gives five different secrets", () => {
      const keys = derivePersonKeys(newSeed(), 0);
      const secrets = [keys.seed, keys.xwingSecret, keys.signSecret, keys.vaultKey].map(toHex);
      const scope = toHex(deriveScopeKey(keys.seed, "labs", 0));
      expect(new Set([...secrets, scope])).to.have.length(5);
    });

    it("refuses a seed of another length and a generation that is no u32", async () => {
      await expectCode(() => derivePersonKeys(new Uint8Array(31), 0), "INVALID_ARGUMENT");
      await expectCode(() => derivePersonKeys(new Uint8Array(32), -1), "INVALID_ARGUMENT");
      await expectCode(() => derivePersonKeys(new Uint8Array(32), 2 ** 32), "INVALID_ARGUMENT");
    });
  });

  describe("deriveScopeKey and deriveTag", () => {
    it("give another key for another scope, epoch or seed", () => {
      const scopes = fc.string({ minLength: 1, maxLength: 20 });
      const places = fc.tuple(seeds, scopes, fc.nat(1000));
      fc.assert(
        fc.property(places, places, (left, right) => {
          const same = place(left) === place(right);
          expect(toHex(deriveScopeKey(...left)) === toHex(deriveScopeKey(...right))).to.equal(same);
        }),
      );
    });

    it("separate the scope's name from the epoch", () => {
      const seed = newSeed();
      const inName = deriveScopeKey(seed, `labs${String.fromCharCode(...u32be(1))}`, 0);
      expect(toHex(inName)).not.to.equal(toHex(deriveScopeKey(seed, "labs", 1)));
    });

    it("give one tag per scope, whatever the epoch", () => {
      const seed = newSeed();
      expect(deriveTag(seed, "labs")).to.match(/^0x[0-9a-f]{64}$/);
      expect(deriveTag(seed, "labs")).to.equal(deriveTag(seed, "labs"));
      expect(deriveTag(seed, "labs")).not.to.equal(deriveTag(seed, "imaging"));
    });

    it("refuse a scope without a name, or with one above 256 bytes", async () => {
      await expectCode(() => deriveTag(newSeed(), ""), "INVALID_ARGUMENT");
      await expectCode(() => deriveScopeKey(newSeed(), "x".repeat(257), 0), "INVALID_ARGUMENT");
      await expectCode(() => deriveScopeKey(newSeed(), "labs", 1.5), "INVALID_ARGUMENT");
    });
  });

  describe("newEnvelopeKeys", () => {
    it("gives a fresh pair each time", () => {
      const pair = newEnvelopeKeys();
      expect(pair.publicKey).to.have.length(1216);
      expect(toHex(newEnvelopeKeys().secret)).not.to.equal(toHex(pair.secret));
    });
  });
});

/**
 * @module test/sdk/consent/consent
 * Terms, ids and typed data against golden vectors; the rules of terms; the words and the worth of a consent.
 */
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import fc from "fast-check";
import { hashTypedData, verifyTypedData } from "viem";
import { decodeCbor, encodeCbor } from "../../../sdk/src/cbor.ts";
import * as consent from "../../../sdk/src/consent/index.ts";
import { isSdkError, type SdkErrorCode } from "../../../sdk/src/errors.ts";
import type { Address, Hex } from "../../../sdk/src/bytes.ts";

const vectors = JSON.parse(await readFile(new URL("../../vectors/consent.json", import.meta.url), "utf8"));
const terms: consent.ConsentTerms = vectors.terms[0].terms;
const everything: consent.ConsentTerms = vectors.terms[1].terms;
const writing: consent.ConsentTerms = vectors.terms[2].terms;

function expectCode(act: () => unknown, code: SdkErrorCode): void {
  expect(act).to.satisfy((run: () => unknown) => {
    try {
      run();
      return false;
    } catch (error) {
      return isSdkError(error, code);
    }
  }, `an SdkError ${code}`);
}

describe("consent", () => {
  describe("terms", () => {
    for (const vector of vectors.terms) {
      it(`hash as the vector says: ${vector.name}`, () => {
        expect(consent.hashTerms(vector.terms)).to.equal(vector.consentId);
        const { scopesHash, aboutHash } = consent.toContractTerms(vector.terms);
        expect({ scopesHash, aboutHash }).to.deep.equal({ scopesHash: vector.scopesHash, aboutHash: vector.aboutHash });
      });

      it(`survive blocks: ${vector.name}`, () => {
        const bytes = encodeCbor(consent.termsToArray(vector.terms));
        expect(consent.termsFromArray(decodeCbor(bytes))).to.deep.equal(vector.terms);
      });
    }

    it("take another id with any other field", () => {
      const other: Hex = `0x${"99".repeat(32)}`;
      const address: Address = `0x${"99".repeat(20)}`;
      const changed: consent.ConsentTerms[] = [
        { ...terms, patient: address },
        { ...terms, grantee: address },
        { ...terms, organisation: address },
        { ...terms, scopes: [other] },
        { ...terms, scopes: [...terms.scopes, other] },
        { ...terms, fromEpoch: 1 },
        { ...terms, rights: 2 },
        { ...terms, notBefore: terms.notBefore + 1 },
        { ...terms, expiresAt: terms.expiresAt + 1 },
        { ...terms, maxViews: 1 },
        { ...terms, flags: 1 },
        { ...terms, about: { ...terms.about, scopes: "x" } },
        { ...terms, about: { ...terms.about, purpose: "x" } },
        { ...terms, about: { ...terms.about, salt: other } },
      ];
      expect(new Set([terms, ...changed].map(consent.hashTerms)).size).to.equal(changed.length + 1);
    });

    const malformed: [string, unknown][] = [
      ["no object", null],
      ["a missing field", { ...terms, flags: undefined }],
      ["an extra field", { ...terms, extra: 1 }],
      ["a short address", { ...terms, grantee: "0x1234" }],
      ["the zero address as grantee", { ...terms, grantee: `0x${"00".repeat(20)}` }],
      ["oneself as grantee", { ...terms, grantee: terms.patient }],
      ["no scope to read", { ...terms, scopes: [] }],
      ["a scope twice", { ...terms, scopes: [terms.scopes[0], terms.scopes[0]] }],
      [
        "33 scopes",
        { ...terms, scopes: Array.from({ length: 33 }, (_, i) => `0x${i.toString(16).padStart(64, "0")}`) },
      ],
      ["the emergency scope", { ...terms, scopes: [consent.EMERGENCY_TAG] }],
      ["both rights", { ...terms, rights: 3 }],
      ["no right", { ...terms, rights: 0 }],
      ["an empty window", { ...terms, expiresAt: terms.notBefore }],
      ["a time beyond 48 bits", { ...terms, expiresAt: 2 ** 48 }],
      ["half a second", { ...terms, notBefore: 0.5 }],
      ["a negative time", { ...terms, notBefore: -1 }],
      ["an epoch beyond 32 bits", { ...terms, fromEpoch: 2 ** 32 }],
      ["an unknown flag", { ...terms, flags: 4 }],
      ["a short salt", { ...terms, about: { ...terms.about, salt: "0x00" } }],
      ["words without end", { ...terms, about: { ...terms.about, purpose: "x".repeat(501) } }],
      ["scopes to write", { ...writing, scopes: terms.scopes }],
      ["a limit of views to write", { ...writing, maxViews: 1 }],
      ["a one-time code to write", { ...writing, flags: 1 }],
    ];
    for (const [what, value] of malformed) {
      it(`refuse ${what}`, () => expectCode(() => consent.parseTerms(value), "MALFORMED"));
    }

    it("refuse arrays of another shape", () => {
      const array = consent.termsToArray(terms);
      expectCode(() => consent.termsFromArray([...array, 0]), "MALFORMED");
      expectCode(() => consent.termsFromArray(array.slice(0, -1)), "MALFORMED");
      expectCode(() => consent.termsFromArray(null), "MALFORMED");
      for (const index of array.keys()) {
        expectCode(() => consent.termsFromArray(array.with(index, false)), "MALFORMED");
      }
    });

    it("have one spelling for no organisation", () => {
      const array = consent.termsToArray(terms);
      expect(array[2]).to.equal(null);
      expectCode(() => consent.termsFromArray(array.with(2, new Uint8Array(20))), "MALFORMED");
    });
  });

  describe("typed data", () => {
    const { deployment, messages, signer } = vectors;
    const numbered = (name: string) => ({
      ...messages[name].message,
      nonce: BigInt(messages[name].message.nonce ?? 0),
    });
    const built = {
      grant: consent.grantTypedData({ deployment, ...messages.grant.message }),
      revoke: consent.revokeTypedData({ deployment, ...messages.revoke.message }),
      revokeAll: consent.revokeAllTypedData({ deployment, ...messages.revokeAll.message }),
      register: consent.registerTypedData({ deployment, ...numbered("register") }),
      rotateKey: consent.rotateKeyTypedData({ deployment, ...numbered("rotateKey") }),
      add: consent.addTypedData({ deployment, ...numbered("add") }),
      decide: consent.decideTypedData({ deployment, ...numbered("decide") }),
      decideBatch: consent.decideBatchTypedData({ deployment, ...numbered("decideBatch") }),
      note: consent.noteTypedData({ deployment, ...numbered("note") }),
    };

    it("has a vector for every message", () => {
      expect(Object.keys(built)).to.have.members(Object.keys(messages));
    });

    for (const [name, typedData] of Object.entries(built)) {
      it(`of ${name} hashes as the vector says, and its signature verifies`, async () => {
        const definition: Parameters<typeof hashTypedData>[0] = typedData;
        expect(hashTypedData(definition)).to.equal(messages[name].digest);
        const { signature } = messages[name];
        expect(await verifyTypedData({ ...definition, address: signer, signature })).to.equal(true);
        expect(await verifyTypedData({ ...definition, address: deployment.carekey, signature })).to.equal(false);
      });
    }
  });

  describe("consentStatus", () => {
    const granted = { grantedAt: 100, revokedAt: 0, revokedBefore: 0 };
    const window = { notBefore: 200, expiresAt: 300 };
    const cases: [string, consent.ConsentChainState, number, consent.ConsentStatus][] = [
      ["never heard of", { grantedAt: 0, revokedAt: 0, revokedBefore: 0 }, 250, "unknown"],
      ["a tombstone", { grantedAt: 0, revokedAt: 90, revokedBefore: 0 }, 250, "revoked"],
      ["revoked", { ...granted, revokedAt: 150 }, 250, "revoked"],
      ["all revoked later", { ...granted, revokedBefore: 101 }, 250, "revoked"],
      ["all revoked in the same second", { ...granted, revokedBefore: 100 }, 250, "revoked"],
      ["all revoked before", { ...granted, revokedBefore: 99 }, 250, "active"],
      ["a second before the window", granted, 199, "not-yet"],
      ["in its first second", granted, 200, "active"],
      ["in its last second", granted, 299, "active"],
      ["at its end", granted, 300, "expired"],
    ];
    for (const [what, state, now, status] of cases) {
      it(`${what}: ${status}`, () => expect(consent.consentStatus(window, state, now)).to.equal(status));
    }

    it("is active exactly when the contract's rule says so", () => {
      const moment = fc.nat({ max: 8 });
      fc.assert(
        fc.property(
          moment,
          moment,
          moment,
          moment,
          moment,
          moment,
          (grantedAt, revokedAt, revokedBefore, from, to, now) => {
            const isActive = grantedAt > revokedBefore && revokedAt === 0 && from <= now && now < to;
            const state = { grantedAt, revokedAt, revokedBefore };
            const status = consent.consentStatus({ notBefore: from, expiresAt: to }, state, now);
            expect(status === "active").to.equal(isActive);
          },
        ),
        { numRuns: 2_000 },
      );
    });
  });

  describe("describeTerms", () => {
    const options = { granteeName: "Dr Amara Okafor", now: terms.notBefore, timeZone: "Europe/Berlin" };

    it("says who, until when, what and why, in plain words", () => {
      expect(consent.describeTerms(terms, options)).to.equal(
        "Dr Amara Okafor can read your record from now until Monday, 21 September 2026 at 16:13, but only this: Lab results. " +
          "Why: second opinion. You can stop this at any time. What was opened before then cannot be taken back.",
      );
    });

    it("names every condition, in the order of the typed data", () => {
      const paragraph = consent.describeTerms(everything, { ...options, organisationName: "City Hospital", now: 0 });
      const parts = [
        "Dr Amara Okafor",
        "while working for City Hospital",
        "new entries",
        "from Tuesday, 9 June 2026 at 12:13",
        "until Monday, 21 September 2026",
        "at most 5 times",
        "one-time code",
        "licence is verified",
        "Lab results",
        "second opinion",
      ];
      const places = parts.map((part) => paragraph.indexOf(part));
      expect(places).to.not.include(-1);
      expect(places).to.deep.equal([...places].sort((left, right) => left - right));
    });

    it("says who ends it where the window is fifty years and more", () => {
      const open = { ...terms, expiresAt: terms.notBefore + consent.OPEN_ENDED_SECONDS };
      expect(consent.describeTerms(open, options)).to.include("from now until you stop it, but only this");
      const dated = { ...open, expiresAt: open.expiresAt - 1 };
      expect(consent.describeTerms(dated, options)).to.match(/until \w+, \d+ \w+ 20\d\d/);
    });

    it("says that entries wait for the patient", () => {
      const paragraph = consent.describeTerms(writing, options);
      expect(paragraph).to.include("can add entries to your record");
      expect(paragraph).to.include("Each entry waits until you approve or refuse it.");
      expect(paragraph).to.not.include("cannot be taken back");
    });

    it("uses none of the words that nobody should need to know", () => {
      for (const value of [terms, everything, writing]) {
        expect(consent.describeTerms(value, options)).to.not.match(/0x|hash|epoch|scope|nonce|grant|!/i);
      }
    });

    it("leaves out an empty purpose, and counts one view as once", () => {
      const silent = { ...terms, maxViews: 1, about: { ...terms.about, purpose: " " } };
      const paragraph = consent.describeTerms(silent, options);
      expect(paragraph).to.not.include("Why");
      expect(paragraph).to.include(", once,");
    });
  });

  describe("scopes", () => {
    it("have seven names, each once, with words", () => {
      expect(consent.SCOPES.map(({ name }) => name)).to.deep.equal([
        "general",
        "labs",
        "imaging",
        "medication",
        "mental-health",
        "reproductive",
        "genetics",
      ]);
      for (const { label, description } of consent.SCOPES) expect(label.length * description.length).to.be.above(0);
    });

    it("become one phrase, in their own order", () => {
      expect(consent.describeScopes(["imaging", "labs"])).to.equal("Lab results and Images");
      expect(consent.describeScopes([])).to.equal("");
      expectCode(() => consent.describeScopes(["labs", "shoes"]), "INVALID_ARGUMENT");
    });
  });
});

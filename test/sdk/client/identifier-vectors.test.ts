/**
 * @module test/sdk/client/identifier-vectors
 * The bytes of identifiers: what an organisation commits to, and the text by which a patient shows one, as they were first made.
 */
import { expect } from "chai";
import {
  blindedIdOf,
  decodeOpening,
  encodeOpening,
  identifierCommitment,
  type IdentifierOpening,
} from "../../../sdk/src/client/index.ts";
import { asVector, frozen } from "../records/vector-file.ts";

const openings: IdentifierOpening[] = [
  {
    issuer: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    kind: "Hospital number",
    value: "4711",
    secret: `0x${"5a".repeat(32)}`,
  },
  {
    issuer: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    kind: "Nationellt id",
    value: "19 800101-Å",
    secret: `0x${"00".repeat(31)}01`,
  },
];

describe("vectors of identifiers", () => {
  it("are what they were, and read back", () => {
    const made = openings.map((opening) => ({
      opening,
      blindedId: blindedIdOf(opening),
      commitment: identifierCommitment(opening),
      text: encodeOpening(opening),
    }));
    expect(asVector({ identifiers: made })).to.deep.equal(frozen("identifier", { identifiers: made }));
    for (const { text, opening } of made) expect(decodeOpening(text)).to.deep.equal(opening);
  });
});

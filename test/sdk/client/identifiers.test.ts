/**
 * @module test/sdk/client/identifiers
 * Ids tied to accounts: who has the opening finds the account; who has the chain alone finds nothing, also when he knows nearly all.
 */
import { expect } from "chai";
import { concat, encodeAbiParameters, encodePacked, keccak256, stringToHex } from "viem/utils";
import type { Hex } from "../../../sdk/src/bytes.ts";
import {
  blindedIdOf,
  decodeOpening,
  encodeOpening,
  identifierCommitment,
  linkIdentifier,
  listIdentifiers,
  listIssuedIdentifiers,
  listShownIdentifiers,
  resolveIdentifier,
  showIdentifier,
  suspendPerson,
  restorePerson,
  unlinkIdentifier,
  type IdentifierOpening,
} from "../../../sdk/src/client/index.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { sharedClientClinic, type Actor, type ClientClinic } from "./support/clinic.ts";

describe("identifiers", function () {
  this.timeout(120_000);
  let clinic: ClientClinic;
  let hospital: Actor;
  let patient: Actor;
  let opening: IdentifierOpening;
  const KIND = "Hospital number";
  before(async () => {
    clinic = await sharedClientClinic();
    patient = await clinic.join(1, "Maja Lund");
    hospital = await clinic.join(3, "Coast Hospital");
    const early = { patient: patient.person.address, kind: KIND, value: "1" };
    await expectRefusal(linkIdentifier(hospital.carekey, hospital.person, early), "CONTRACT_REVERTED");
    await clinic.licence(hospital);
    opening = await linkIdentifier(hospital.carekey, hospital.person, { ...early, value: "  4711 " });
  });

  it("reach the patient, who alone learns the secret", async () => {
    const [known] = await listIdentifiers(patient.carekey, patient.person);
    expect(known).to.deep.include({ opening, isVouchedFor: true, account: patient.person.address });
    expect(known!.opening.value).to.equal("4711");
    expect(known!.issuer.name).to.equal("Coast Hospital");
  });

  it("lead whoever is shown the opening to the account", async () => {
    const text = encodeOpening(opening);
    const found = await resolveIdentifier(
      clinic.doctor.carekey,
      decodeOpening(`${text.slice(0, 30)}\n ${text.slice(30)}`),
    );
    expect(found).to.deep.include({ isVouchedFor: true, account: patient.person.address });
  });

  it("are shown sealed to one person, and count only when they lead to who shows them", async () => {
    await showIdentifier(patient.carekey, patient.person, { to: clinic.doctor.person.address, opening });
    const thief = await clinic.join(1, "Somebody else");
    await showIdentifier(thief.carekey, thief.person, { to: clinic.doctor.person.address, opening });
    const shown = await listShownIdentifiers(clinic.doctor.carekey, clinic.doctor.person);
    expect(shown.map(({ account }) => account)).to.deep.equal([patient.person.address]);
    expect(await listIdentifiers(clinic.doctor.carekey, clinic.doctor.person)).to.deep.equal([]);
  });

  it("cannot be guessed from the chain, though issuer, kind and all possible numbers are known", async () => {
    const { publicClient } = clinic.doctor.carekey.chain;
    const logs = await publicClient.getLogs({ address: clinic.deployment.carekey, fromBlock: 0n });
    const calls = await Promise.all(
      logs.map(({ transactionHash }) => publicClient.getTransaction({ hash: transactionHash })),
    );
    const onChain = [...calls.map(({ input }) => input), ...logs.flatMap(({ data, topics }) => [data, ...topics])]
      .join("")
      .toLowerCase();
    // What was published is there to be found, by whoever has the opening.
    expect(onChain).to.include(blindedIdOf(opening).slice(2)).and.include(identifierCommitment(opening).slice(2));
    expect(onChain)
      .to.not.include(opening.secret.slice(2))
      .and.not.include(stringToHex("4711").slice(2).padEnd(64, "0"));
    const issuer = opening.issuer;
    const zero: Hex = `0x${"00".repeat(32)}`;
    for (let number = 4000; number < 5000; number++) {
      const value = String(number);
      const blinded = [
        keccak256(stringToHex(value)),
        keccak256(stringToHex(KIND + value)),
        keccak256(concat([issuer, stringToHex(value)])),
        keccak256(encodePacked(["address", "string", "string"], [issuer, KIND, value])),
        keccak256(encodeAbiParameters([{ type: "string" }, { type: "string" }], [KIND, value])),
        blindedIdOf({ kind: KIND, value, secret: zero }),
        blindedIdOf({ kind: KIND, value, secret: keccak256(issuer) }),
        blindedIdOf({ kind: KIND, value, secret: keccak256(patient.person.address) }),
      ];
      for (const guess of blinded) {
        const types = [{ type: "address" }, { type: "bytes32" }] as const;
        const commitment = keccak256(encodeAbiParameters(types, [issuer, guess]));
        expect(onChain.includes(guess.slice(2)) || onChain.includes(commitment.slice(2)), value).to.equal(false);
      }
    }
  });

  it("have another commitment for every part of the opening", () => {
    const others: Partial<IdentifierOpening>[] = [
      { issuer: patient.person.address },
      { kind: "National id" },
      { value: "4712" },
      { secret: `0x${"1".repeat(64)}` },
      { kind: `${KIND}4`, value: "711" },
    ];
    const all = [opening, ...others.map((change) => ({ ...opening, ...change }))].map(identifierCommitment);
    expect(new Set(all).size).to.equal(all.length);
  });

  it("are worth nothing while the issuer is suspended, and lead nowhere once it removed them", async () => {
    await suspendPerson(clinic.registrar.carekey, hospital.person.address);
    expect((await resolveIdentifier(patient.carekey, opening)).isVouchedFor).to.equal(false);
    await restorePerson(clinic.registrar.carekey, hospital.person.address);
    const [issued] = await listIssuedIdentifiers(hospital.carekey, hospital.person);
    expect(issued).to.deep.include({ opening, patient: patient.person.address });
    await unlinkIdentifier(hospital.carekey, opening);
    expect((await resolveIdentifier(patient.carekey, opening)).account).to.equal(null);
  });

  it("that are no openings are refused", () => {
    const text = encodeOpening(opening);
    expect(decodeOpening(text)).to.deep.equal(opening);
    const refused = (wrong: string, code: string) =>
      expect(() => decodeOpening(wrong), wrong)
        .to.throw()
        .with.property("code", code);
    for (const wrong of ["", "4711", text.slice(0, -1), `${text}AA`, `${text}!`]) refused(wrong, "MALFORMED");
    refused(text.replace("-1:", "-2:"), "UNSUPPORTED_VERSION");
  });
});

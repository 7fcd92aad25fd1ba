import { readFile, writeFile } from "node:fs/promises";
import type { Address } from "@carekey/sdk/bytes";
import {
  WRITE,
  configureEmergencyTypedData,
  grantTypedData,
  hashTerms,
  stopEmergencyTypedData,
  toContractTerms,
} from "@carekey/sdk/consent";
import {
  followTypedData,
  setGuardiansTypedData,
  succeedTypedData,
  vetoTypedData,
  vouchTypedData,
} from "@carekey/sdk/identity";
import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import hre from "hardhat";
import { z } from "zod";
import { GAS_GOALS } from "../../scripts/bench/gas-goals.ts";
import { START, ZERO, addressOf, digest, newChain, termsOf, type Clinic } from "./support/clinic.ts";
import { NOW, REASON, newEmergencyChain, type EmergencyClinic } from "./support/emergency.ts";
import { sign } from "./support/signed-acts.ts";
import { LEAST_DELAY, newSuccessionChain, saltOf, type SuccessionWorld } from "./support/succession.ts";

const { networkHelpers, time, openClinic } = await newChain();
const ward = await newEmergencyChain();
const family = await newSuccessionChain();
/** The contracts of a deployment. */
const CONTRACTS = [
  ["Carekey", "contracts/Carekey.sol:Carekey"],
  ["EmergencyAccess", "contracts/consent/EmergencyAccess.sol:EmergencyAccess"],
  ["Succession", "contracts/identity/Succession.sol:Succession"],
] as const;

/** Set it to write the snapshots anew; look at the difference before you commit it. */
const isRefresh = process.env["UPDATE_SNAPSHOTS"] === "1";

const LIFE = { register: 2, verify: 1, grant: 1, submit: 1, decide: 1, revoke: 1 } as const;

async function fixture() {
  return openClinic();
}

async function emergencyFixture() {
  return ward.openEmergency();
}

async function successionFixture() {
  return family.openSuccession();
}

async function expectSnapshot(name: string, value: unknown): Promise<void> {
  const file = new URL(`../snapshots/${name}.json`, import.meta.url);
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (isRefresh) return writeFile(file, text);
  expect(JSON.parse(text), `${name} changed: UPDATE_SNAPSHOTS=1 writes it anew`).to.deep.equal(
    JSON.parse(await readFile(file, "utf8")),
  );
}

/** Gas of the second call of each kind: the first one pays for slots that all later ones find. */
async function measure(clinic: Clinic): Promise<Record<string, number>> {
  const { act, deployment, registrar, patient, doctor, otherDoctor, relayer, stranger } = clinic;
  const gas: Record<string, number> = {};
  const spend = async (name: string, sent: Promise<ContractTransactionResponse>) => {
    const receipt = await (await sent).wait();
    gas[name] = Number(receipt?.gasUsed);
  };
  const ids = (round: number) => Array.from({ length: 10 }, (_, index) => digest(`entry ${round} ${index}`));
  await act(stranger, "register", 1, digest("first register"));
  await act(registrar, "verify", otherDoctor, START + 9_999_999, digest("first licence"));

  for (const round of [1, 2]) {
    const about = { scopes: "", purpose: "", salt: digest(`salt ${round}`) };
    const writing = termsOf(patient, doctor, { rights: WRITE, about });
    const signed = termsOf(patient, doctor, { about });
    const bundle = digest(`bundle ${round}`);
    if (round === 2) await spend("register", act(relayer, "register", 1, digest("second register")));
    await spend("verify", act(registrar, "verify", doctor, START + 99_999_999 + round, digest(`licence ${round}`)));
    await spend("grant", act(patient, "grant", hashTerms(writing), bundle));
    const [signedAt, deadline] = [START + 1_000 * round, START + 50_000];
    const signature = await sign(patient, grantTypedData({ deployment, terms: signed, bundle, signedAt, deadline }));
    await time.increaseTo(signedAt);
    await spend(
      "grantBySig",
      act(relayer, "grantBySig", patient, hashTerms(signed), bundle, signedAt, deadline, signature),
    );
    await spend("submit", act(doctor, "submit", toContractTerms(writing), digest(`pointer ${round}`), ZERO));
    await spend("decide", act(patient, "decide", digest(`entry ${round}`), 1, digest(`wraps ${round}`)));
    await spend("decideBatch of ten", act(patient, "decideBatch", ids(round), [], digest(`wraps ${round}`)));
    await spend("add", act(patient, "add", digest(`pointer ${round}`), digest(`wraps ${round}`), ZERO));
    await spend("note", act(patient, "note", digest(`vault ${round}`)));
    await spend("revoke", act(patient, "revoke", hashTerms(writing)));
    await spend("revokeAll", act(patient, "revokeAll"));
    await time.increase(10);
  }
  gas["whole life"] = Object.entries(LIFE).reduce((total, [name, times]) => total + times * (gas[name] ?? NaN), 0);
  return gas;
}

/** Gas of the acts of an emergency: each of them a second time, but for those that a patient does once. */
async function measureEmergency(clinic: EmergencyClinic): Promise<Record<string, number>> {
  const { call, see, domain, patient, doctor, otherDoctor, registrar, relayer } = clinic;
  const gas: Record<string, number> = {};
  const spend = async (name: string, sent: Promise<ContractTransactionResponse>) => {
    const receipt = await (await sent).wait();
    gas[`emergency: ${name}`] = Number(receipt?.gasUsed);
  };
  const deadline = NOW + 300_000;
  for (const round of [1, 2]) {
    // More than a day apart, so that nobody's quota is used up.
    await ward.time.setNextBlockTimestamp(NOW + round * 100_000);
    const lists = [1, 2].map((list) => [digest(`contact ${round} ${list} a`), digest(`contact ${round} ${list} b`)]);
    await spend("configure with two contacts", call(patient, "configure", 600, lists[0]));
    const account = addressOf(patient);
    const nonce = BigInt(round - 1);
    const [delay, contacts] = [0, lists[1]!] as const;
    const configured = configureEmergencyTypedData({
      deployment: domain,
      patient: account,
      delay,
      contacts: contacts.map((contact) => contact),
      nonce,
      deadline,
    });
    await spend(
      "configureBySig with two contacts",
      call(relayer, "configureBySig", account, delay, contacts, nonce, deadline, await sign(patient, configured)),
    );
    await spend("request", call(doctor, "request", patient, REASON));
    const first = await see("latestOf", doctor);
    await spend("coSign", call(otherDoctor, "coSign", first));
    await spend("stop", call(patient, "stop", first, ZERO));
    await call(doctor, "request", patient, REASON);
    const id = (await see("latestOf", doctor)) as `0x${string}`;
    const stopped = stopEmergencyTypedData({ deployment: domain, account, id, salt: ZERO, deadline });
    await spend("stopBySig", call(relayer, "stopBySig", account, id, ZERO, deadline, await sign(patient, stopped)));
    await spend("review", call(registrar, "review", id, true));
    if (round === 2) await spend("disable", call(patient, "disable"));
  }
  return gas;
}

/** Gas of naming guardians, of what they say, and of a succession; `vouch` is the one that starts the waiting time. */
async function measureSuccession(world: SuccessionWorld): Promise<Record<string, number>> {
  const { call, domain, old, next, other, first, second, third, relayer, stranger, commitments, vouch } = world;
  const gas: Record<string, number> = {};
  const spend = async (name: string, sent: Promise<ContractTransactionResponse>) => {
    const receipt = await (await sent).wait();
    gas[`succession: ${name}`] = Number(receipt?.gasUsed);
  };
  const deadline = START + 10_000_000;
  const bound = { deployment: domain, deadline };
  const account = addressOf(old);
  await spend("setGuardians of three", call(old, "setGuardians", commitments, 2, LEAST_DELAY));
  const set = setGuardiansTypedData({ ...bound, account, commitments, threshold: 2, delay: LEAST_DELAY, nonce: 0n });
  const signed = [account, commitments, 2, LEAST_DELAY, 0n, deadline, await sign(old, set)];
  await spend("setGuardiansBySig of three", call(relayer, "setGuardiansBySig", ...signed));
  await spend("veto", call(old, "veto"));
  const veto = await sign(old, vetoTypedData({ ...bound, account, nonce: 1n }));
  await spend("vetoBySig", call(relayer, "vetoBySig", account, 1n, deadline, veto));
  await vouch(first);
  await spend("vouch", vouch(second));
  const pair = { predecessor: account, successor: addressOf(next) };
  const vouched = await sign(third, vouchTypedData({ ...bound, guardian: addressOf(third), ...pair, round: 5 }));
  const vouchArgs = [addressOf(third), account, pair.successor, saltOf(third), commitments, 5, deadline, vouched];
  await spend("vouchBySig", call(relayer, "vouchBySig", ...vouchArgs));
  await family.time.increase(LEAST_DELAY);
  await spend("complete", call(next, "complete", old));
  const follow = (predecessor: Address, successor: Address) => followTypedData({ ...bound, predecessor, successor });
  const direct = await sign(other, follow(pair.successor, addressOf(other)));
  await spend("succeed", call(next, "succeed", other, deadline, direct));
  const last = { predecessor: addressOf(other), successor: addressOf(stranger) };
  const both = [
    await sign(other, succeedTypedData({ ...bound, ...last })),
    await sign(stranger, follow(last.predecessor, last.successor)),
  ];
  await spend("succeedBySig", call(relayer, "succeedBySig", last.predecessor, last.successor, deadline, ...both));
  return gas;
}

const layoutSchema = z.object({
  storage: z.array(z.object({ label: z.string(), slot: z.string(), offset: z.number(), type: z.string() })),
  types: z
    .record(
      z.string(),
      z.object({
        label: z.string(),
        numberOfBytes: z.string(),
        members: z.array(z.object({ label: z.string(), slot: z.string(), offset: z.number() })).optional(),
      }),
    )
    .nullable(),
});
const outputSchema = z.object({
  output: z.object({
    contracts: z.record(z.string(), z.record(z.string(), z.object({ storageLayout: layoutSchema.optional() }))),
  }),
});

describe("Snapshots", function () {
  before(function () {
    // Instrumented code is larger and dearer.
    if (hre.globalOptions.coverage) this.skip();
  });

  it("gas is what it was, and within the design's ceilings", async () => {
    const gas = {
      ...(await measure(await networkHelpers.loadFixture(fixture))),
      ...(await measureEmergency(await ward.networkHelpers.loadFixture(emergencyFixture))),
      ...(await measureSuccession(await family.networkHelpers.loadFixture(successionFixture))),
    };
    for (const [name, { ceiling }] of Object.entries(GAS_GOALS)) expect(gas[name], name).to.be.at.most(ceiling);
    await expectSnapshot("gas", gas);
  });

  it("the deployed code is as long as it was, and no longer than a contract may be", async () => {
    const sizes: Record<string, { deployed: number; creation: number }> = {};
    for (const [name] of CONTRACTS) {
      const { deployedBytecode, bytecode } = await hre.artifacts.readArtifact(name);
      sizes[name] = { deployed: (deployedBytecode.length - 2) / 2, creation: (bytecode.length - 2) / 2 };
      expect(sizes[name].deployed, name).to.be.at.most(24_576);
    }
    await expectSnapshot("bytecode-size", sizes);
  });

  it("storage lies where it lay", async () => {
    const layouts: Record<string, unknown> = {};
    let structs: Record<string, unknown> = {};
    for (const [name, qualified] of CONTRACTS) {
      const buildId = await hre.artifacts.getBuildInfoId(qualified);
      const path = buildId === undefined ? undefined : await hre.artifacts.getBuildInfoOutputPath(buildId);
      if (path === undefined) throw new Error("no build info: run hardhat build");
      const { output } = outputSchema.parse(JSON.parse(await readFile(path, "utf8")));
      const layout = Object.values(output.contracts).flatMap((file) => file[name] ?? [])[0]?.storageLayout;
      if (layout === undefined) throw new Error("the compiler gave no storage layout");
      const types = layout.types ?? {};
      layouts[name] = layout.storage.map(({ label, slot, offset, type }) => ({
        label,
        slot,
        offset,
        type: types[type]?.label,
      }));
      const members = Object.values(types).flatMap(({ label, numberOfBytes, members: fields }) =>
        fields === undefined
          ? []
          : [
              [
                label,
                {
                  numberOfBytes,
                  members: fields.map(({ label: field, slot, offset }) => ({ name: field, slot, offset })),
                },
              ] as const,
            ],
      );
      structs = { ...structs, ...Object.fromEntries(members) };
    }
    await expectSnapshot("storage-layout", { ...layouts, structs });
  });
});

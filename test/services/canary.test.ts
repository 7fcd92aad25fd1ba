/**
 * @module test/services/canary
 * What people say to each other through Carekey is found nowhere but with them: not on the chain, not in any file of any server,
 * not in logs or metrics. Words are marked, go their whole way on the real stack, and are then looked for.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createPublicClient, http, type Hex } from "viem";
import {
  addRecord,
  answerRequest,
  applyAsClinician,
  decideApplication,
  decideEntries,
  grantConsent,
  listApplications,
  listGrants,
  listOwnRecords,
  listRequests,
  listViews,
  openSharedRecord,
  openViewSession,
  prepareGrant,
  readSharedChart,
  requestAccess,
  revokeConsent,
  submitEntry,
  uploadContent,
} from "@carekey/sdk/client";
import { WRITE } from "@carekey/sdk/consent";
import type { Deployment } from "@carekey/sdk/deployment";
import { demoPrivateKey } from "../../scripts/common/people.ts";
import { deploymentOf, joinAs, type Actor } from "../support/actors.ts";
import { createScanner, formsOf, type Finding, type Mark } from "../support/canary.ts";
import { startStack, type Stack } from "../support/stack.ts";

const ACCOUNTS = { registrar: 0, patient: 6, doctor: 7 };

/** A word that nobody else says. */
const word = (name: string) => `${name}-canary-${randomBytes(6).toString("hex")}`;
const WORDS = {
  patientName: word("Rosa"),
  passphrase: `${word("winter")} heron climbs the ninth lantern`,
  licenceNumber: word("licence"),
  scan: word("scan"),
  fileName: word("file"),
  content: word("content"),
  diagnosis: word("diagnosis"),
  purpose: word("purpose"),
  viewReason: word("reason"),
  entryName: word("entry"),
  entryContent: word("note"),
  denialReason: word("denial"),
  requestPurpose: word("check-up"),
  requestMessage: word("message"),
  refusalReason: word("refusal"),
};
/** Public on purpose: the clinician's entry in the directory. By it the test knows that the scan reaches what the gateway keeps. */
const PUBLIC_NAME = word("Dr-Ada");

describe("the canary", function () {
  this.timeout(300_000);

  describe("scanner", () => {
    const mark: Mark = { name: "word", secret: "Hypertension!?>" };
    const key: Mark = { name: "key", secret: Uint8Array.from(randomBytes(32)) };
    const { scan, scanFolder } = createScanner([mark, key]);
    const around = (bytes: Buffer, before = 7) => Buffer.concat([randomBytes(before), bytes, randomBytes(9)]);
    const found = (bytes: Buffer) => scan("here", bytes).map((finding) => finding.mark);

    for (const each of [mark, key]) {
      for (const { form, bytes } of formsOf(each)) {
        it(`finds a ${each.name} in ${form}`, () => expect(found(around(bytes))).to.include(each.name));
      }
      for (const before of [0, 1, 2, 3, 4, 5]) {
        const bytes = around(Buffer.from(each.secret as Uint8Array), before);
        for (const encoding of ["base64", "base64url", "hex"] as const) {
          it(`finds a ${each.name} behind ${before} bytes in a longer text in ${encoding}`, () => {
            expect(found(Buffer.from(bytes.toString(encoding)))).to.deep.equal([each.name]);
          });
        }
      }
    }

    it("finds nothing in noise", () => expect(found(randomBytes(1 << 20))).to.deep.equal([]));

    it("finds what is planted in a file and in a file's name, however deep", () => {
      const folder = mkdtempSync(join(tmpdir(), "carekey-canary-"));
      try {
        const inner = mkdtempSync(join(folder, "inner-"));
        writeFileSync(join(inner, "wal"), around(Buffer.from(mark.secret)));
        writeFileSync(join(inner, Buffer.from(key.secret as Uint8Array).toString("hex")), "");
        expect(scanFolder(folder).map((finding) => finding.mark)).to.have.members(["word", "key"]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });

  describe("on the real stack", () => {
    let stack: Stack;
    let deployment: Deployment;
    let patient: Actor;
    let doctor: Actor;
    let pointer: Hex;
    let metrics = "";

    before(async () => {
      stack = await startStack();
      deployment = deploymentOf(stack);
    });
    after(async () => {
      await stack?.stop();
    });

    /** Everything that anybody must keep secret, keys included. */
    const marks = (): Mark[] => [
      ...Object.entries(WORDS).map(([name, secret]) => ({ name, secret })),
      ...[patient, doctor].map(({ seed }, index) => ({ name: `seed ${index}`, secret: seed })),
    ];

    it("words go their whole way, and arrive", async () => {
      const { passphrase } = WORDS;
      const enrol = (account: number, role: 1 | 2 | 3, name: string, display?: Record<string, string>) =>
        joinAs(deployment, { key: demoPrivateKey(account), role, name, display, passphrase });
      const registrar = await enrol(ACCOUNTS.registrar, 3, "Medical council");
      patient = await enrol(ACCOUNTS.patient, 1, WORDS.patientName);
      doctor = await enrol(ACCOUNTS.doctor, 2, PUBLIC_NAME, { speciality: "Cardiology" });
      await license(registrar);
      const [own, sought] = await addRecords();
      pointer = own;
      await share();
      expect(await read(sought)).to.equal(WORDS.content);
      await writeEntries();
      await askInVain();
      const { views } = await listViews(patient.carekey, patient.person, await openViewSession(patient.carekey));
      expect(views[0]).to.include({ title: WORDS.fileName, reason: WORDS.viewReason });
      metrics = await (await fetch(`${stack.gatewayUrl}/metrics`)).text();
    });

    it("no transaction and no event of the chain says them", async () => {
      const { scan } = createScanner(marks());
      const chain = createPublicClient({ transport: http(deployment.rpcUrl) });
      const latest = await chain.getBlockNumber();
      const findings: Finding[] = [];
      let size = 0;
      for (let blockNumber = 0n; blockNumber <= latest; blockNumber++) {
        const { transactions } = await chain.getBlock({ blockNumber, includeTransactions: true });
        const logs = await chain.getLogs({ fromBlock: blockNumber, toBlock: blockNumber });
        const parts = [
          ...transactions.map(({ input }) => input),
          ...logs.flatMap(({ data, topics }) => [data, ...topics]),
        ];
        for (const part of parts) {
          const bytes = Buffer.from(part.slice(2), "hex");
          size += bytes.length;
          findings.push(...scan(`block ${blockNumber}`, bytes));
        }
      }
      expect(size).to.be.greaterThan(10_000);
      expect(findings).to.deep.equal([]);
    });

    it("no file of chain, keepers and gateway holds them, while they run and after", async () => {
      const { scanFolder } = createScanner(marks());
      expect(scanFolder(stack.data)).to.deep.equal([]);
      await stack.stop({ keepData: true });
      expect(scanFolder(stack.data)).to.deep.equal([]);
    });

    it("the same look finds what may be there: in the database, the block store, the journal and the keepers", () => {
      const findings = createScanner([
        { name: "database", secret: PUBLIC_NAME },
        { name: "pointer", secret: Uint8Array.from(Buffer.from(pointer.slice(2), "hex")) },
        { name: "patient", secret: Uint8Array.from(Buffer.from(patient.person.address.slice(2), "hex")) },
      ]).scanFolder(stack.data);
      const has = (folder: string, mark: string) =>
        findings.some((finding) => finding.mark === mark && finding.where.includes(join(stack.data, folder)));
      expect(has("gateway", "database")).to.equal(true);
      expect(has("chain", "pointer")).to.equal(true);
      expect(has("keepers", "patient")).to.equal(true);
    });

    it("metrics do not say them", () => {
      expect(metrics).to.contain("# TYPE");
      expect(createScanner(marks()).scan("metrics", Buffer.from(metrics))).to.deep.equal([]);
    });

    async function license(registrar: Actor): Promise<void> {
      const scan = new File([WORDS.scan], `${WORDS.scan}.txt`, { type: "text/plain" });
      const form = { name: PUBLIC_NAME, speciality: "Cardiology", licenceNumber: WORDS.licenceNumber, scan };
      await applyAsClinician(doctor.carekey, doctor.person, form);
      const [application] = await listApplications(registrar.carekey, registrar.person);
      expect(application).to.include({ licenceNumber: WORDS.licenceNumber });
      const validUntil = registrar.carekey.now() + 86_400;
      const decision = { application: application!, verdict: "verified", validUntil } as const;
      await decideApplication(registrar.carekey, registrar.person, decision);
    }

    /** Two records of the patient: a diagnosis, and a file. */
    async function addRecords(): Promise<[Hex, Hex]> {
      const { carekey, person } = patient;
      const fhir = { resourceType: "Condition", code: { text: WORDS.diagnosis } };
      const add = async (name: string, words: string, resource: typeof fhir | null) => {
        const content = await uploadContent(carekey, { source: new Blob([words]) });
        const record = { name, type: "text/plain", fhir: resource, content, scope: "general" };
        return (await addRecord(carekey, person, record)).pointer;
      };
      return [await add(WORDS.diagnosis, WORDS.diagnosis, fhir), await add(WORDS.fileName, WORDS.content, null)];
    }

    async function share(): Promise<void> {
      for (const rights of [["read"], ["write"]] as const) {
        const prepared = await prepareGrant(patient.carekey, patient.person, {
          grantee: doctor.person.address,
          granteeName: PUBLIC_NAME,
          scopes: rights[0] === "read" ? ["general"] : [],
          rights,
          expiresAt: patient.carekey.now() + 3600,
          purpose: WORDS.purpose,
        });
        await grantConsent(patient.carekey, patient.person, prepared, { patientName: WORDS.patientName });
      }
    }

    async function read(wanted: Hex): Promise<string> {
      const { carekey, person } = doctor;
      const { items } = await readSharedChart(carekey, person, patient.person.address);
      const item = items.find(({ entry }) => entry.pointer === wanted)!;
      const session = await openViewSession(carekey);
      const opened = await openSharedRecord(carekey, person, { item, reason: WORDS.viewReason, session });
      return new Response(opened.content()).text();
    }

    /** The doctor writes two entries; the patient takes one and refuses the other. */
    async function writeEntries(): Promise<void> {
      const grants = await listGrants(doctor.carekey, doctor.person);
      const { terms } = grants.find((grant) => grant.terms.rights === WRITE)!;
      for (let count = 0; count < 2; count++) {
        await submitEntry(doctor.carekey, doctor.person, {
          terms,
          name: WORDS.entryName,
          type: "text/plain",
          fhir: { resourceType: "Condition", code: { text: WORDS.diagnosis } },
          content: await uploadContent(doctor.carekey, { source: new Blob([WORDS.entryContent]) }),
          proposedScope: "general",
        });
      }
      const { records } = await listOwnRecords(patient.carekey, patient.person);
      const [denied, approved] = records.filter(({ entry }) => entry.status === "pending").map(({ entry }) => entry);
      await decideEntries(patient.carekey, patient.person, {
        approve: [{ entryId: approved!.entryId, scope: "general" }],
        deny: [denied!.entryId],
        reason: WORDS.denialReason,
      });
    }

    /** A request that is refused, and a consent that is taken back: the refusals of the keepers are logged, too. */
    async function askInVain(): Promise<void> {
      await requestAccess(doctor.carekey, doctor.person, {
        patient: patient.person.address,
        scopes: ["labs"],
        rights: ["read"],
        expiresAt: doctor.carekey.now() + 86_400,
        purpose: WORDS.requestPurpose,
        message: WORDS.requestMessage,
      });
      const [request] = (await listRequests(patient.carekey, patient.person)).received;
      expect(request).to.include({ message: WORDS.requestMessage });
      const answer = { request: request!, verdict: "refused", reason: WORDS.refusalReason } as const;
      await answerRequest(patient.carekey, patient.person, answer);
      const grants = await listGrants(doctor.carekey, doctor.person);
      const reading = grants.find((grant) => grant.terms.rights !== WRITE)!;
      await revokeConsent(patient.carekey, patient.person, reading.id);
    }
  });
});

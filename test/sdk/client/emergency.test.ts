/**
 * @module test/sdk/client/emergency
 * Emergency access from opt-in to review, by the client layer on a real chain with real keepers and a real gateway; what keepers
 * judge a second before and at its moment, and a hostile client beside every door. Limits of transactions are held to the second by the
 * contract's own tests: a node simulates them by a clock that runs on.
 */
import { expect } from "chai";
import type { Hex } from "../../../sdk/src/bytes.ts";
import {
  askColleague,
  beginNewKeys,
  coSignEmergency,
  configureEmergency,
  disableEmergency,
  emergencyStanding,
  finishNewKeys,
  listEmergencies,
  listRunningEmergencies,
  listViews,
  openEmergencyRecord,
  openViewSession,
  ownEmergency,
  readEmergencyChart,
  requestEmergency,
  restorePerson,
  reviewEmergency,
  stopEmergency,
  suspendPerson,
  type EmergencyCase,
  type EmergencyWish,
} from "../../../sdk/src/client/index.ts";
import { sendActTo } from "../../../sdk/src/client/context.ts";
import { keepNote, sendSealed } from "../../../sdk/src/client/inbox.ts";
import { NO_PINS, recipientOf } from "../../../sdk/src/client/people.ts";
import { newSeed } from "../../../sdk/src/crypto/index.ts";
import { reasonBody } from "../../../sdk/src/client/emergency-reasons.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { SENIORITY_SECONDS } from "../../services/keeper/support/chain.ts";
import { DAY, HOUR, MINUTE, random32 } from "../../services/keeper/support/clinic.ts";
import { addText, textOf } from "./support/clinic.ts";
import type { Actor } from "../../support/actors.ts";
import { startTimedClinic, type TimedClinic } from "./support/timed-clinic.ts";

const DELAY = 10 * MINUTE;
const CO_SIGN = 15 * MINUTE;
const OPEN = 3 * HOUR;
/** How long before a limit a transaction is tried, seconds. */
const SPARE = 45;
const REASON = "Found unconscious at the station";

describe("emergency access, by the client", function () {
  this.timeout(180_000);
  let clinic: TimedClinic;
  let patient: Actor;
  let doctor: Actor;
  let colleague: Actor;
  let daughter: Actor;
  let stranger: Actor;
  let allergies: Hex;
  let therapy: Hex;

  before(async () => {
    clinic = await startTimedClinic();
    patient = await clinic.join(4, 1, "Rosa Lindqvist");
    doctor = await clinic.join(5, 2, "Dr Ada Nwosu");
    colleague = await clinic.join(6, 2, "Dr Emil Strand");
    daughter = await clinic.join(7, 1, "Lena Lindqvist");
    stranger = await clinic.join(8, 1, "Somebody else");
    for (const clinician of [doctor, colleague]) await clinic.licence(clinician);
    allergies = await addText(patient, "Allergies", "general", "Penicillin: anaphylaxis");
    therapy = await addText(patient, "Therapy", "mental-health", "Nobody's business");
    await clinic.pass(SENIORITY_SECONDS);
  });
  after(() => clinic?.close());

  /** A new day, so that no test hears of another one's requests. */
  beforeEach(() => clinic.pass(DAY));

  const wish = (overrides: Partial<EmergencyWish> = {}): EmergencyWish => ({
    delaySeconds: DELAY,
    contacts: [{ address: daughter.person.address, name: daughter.name }],
    records: [allergies],
    card: { name: patient.name, facts: "Allergic to penicillin" },
    patientName: patient.name,
    ...overrides,
  });
  const configure = (overrides: Partial<EmergencyWish> = {}) =>
    configureEmergency(patient.carekey, patient.person, wish(overrides));

  async function expectRevert(attempt: Promise<unknown>, errorName: string): Promise<void> {
    const error = await expectRefusal(attempt, "CONTRACT_REVERTED");
    expect(error.details["errorName"]).to.equal(errorName);
  }

  async function ask(by = doctor, to = colleague, reason = REASON): Promise<Hex> {
    const call = { patient: patient.person.address, reason, colleague: to.person.address };
    const { id, untold } = await requestEmergency(by.carekey, by.person, call);
    expect(untold).to.deep.equal([]);
    return id;
  }

  /** A request that is open. */
  async function opened(): Promise<Hex> {
    const id = await ask();
    await coSignEmergency(colleague.carekey, id);
    await clinic.pass(DELAY);
    return id;
  }

  async function caseOf({ carekey, person }: Actor, id: Hex): Promise<EmergencyCase | null> {
    return (await listEmergencies(carekey, person)).find((each) => each.id === id) ?? null;
  }

  async function phaseOf(id: Hex): Promise<string | undefined> {
    return (await caseOf(patient, id))?.phase;
  }

  /** The requester opens the first record that can be asked for. */
  async function open(id: Hex, by = doctor): Promise<string> {
    const { items } = await readEmergencyChart(by.carekey, by.person, id);
    expect(items).to.have.length(1);
    const session = await openViewSession(by.carekey);
    const view = { item: items[0]!, reason: REASON, session };
    return textOf(await openEmergencyRecord(by.carekey, by.person, view));
  }

  async function stop(by: Actor, id: Hex): Promise<void> {
    await stopEmergency(by.carekey, (await caseOf(by, id))!);
  }

  describe("the opt-in", () => {
    it("is off until the patient turns it on, and nobody can ask", async () => {
      expect(await ownEmergency(patient.carekey, patient.person)).to.include({ enabled: false, round: 0 });
      await expectRevert(ask(), "EmergencyNotEnabled");
    });

    it("keeps delay, contacts, chosen records and the card's words", async () => {
      await configure();
      const { card, ...rest } = await ownEmergency(patient.carekey, patient.person);
      expect(rest).to.deep.equal({
        enabled: true,
        delaySeconds: DELAY,
        round: 0,
        contacts: [{ address: daughter.person.address, name: daughter.name }],
        unknownContacts: 0,
        records: [allergies],
      });
      expect(card).to.deep.equal({ name: patient.name, facts: "Allergic to penicillin" });
    });

    it("sends nothing to the chain for what is unchanged", async () => {
      const { number } = await patient.carekey.chain.block();
      await configure({ card: { name: patient.name, facts: "Allergic to penicillin and latex" } });
      expect((await patient.carekey.chain.block()).number).to.equal(number);
    });

    it("refuses a contact who is oneself, named twice, or not registered, and a record that is none", async () => {
      const self = { address: patient.person.address, name: "Me" };
      await expectRefusal(configure({ contacts: [self] }), "INVALID_ARGUMENT");
      const twice = { address: daughter.person.address, name: "Again" };
      await expectRefusal(configure({ contacts: [...wish().contacts, twice] }), "INVALID_ARGUMENT");
      const nobody = { address: "0x00000000000000000000000000000000000000dd", name: "Nobody" } as const;
      await expectRefusal(configure({ contacts: [nobody] }), "NOT_REGISTERED");
      await expectRefusal(configure({ records: [random32()] }), "NOT_FOUND");
    });

    it("takes a delay of a day and not of a second more", async () => {
      await expectRevert(configure({ delaySeconds: DAY + 1 }), "EmergencyDelayTooLong");
      await configure({ delaySeconds: DAY });
      await configure();
    });

    it("does not take a forged note for the patient's own", async () => {
      const recipient = await recipientOf(stranger.carekey, patient.person.address, NO_PINS);
      const body = {
        type: "emergency-settings",
        contacts: [],
        cardName: "Mallory",
        cardFacts: "No allergies",
        patientName: "",
      };
      await sendSealed(stranger.carekey, stranger.person, recipient, { kind: "note", body });
      expect((await ownEmergency(patient.carekey, patient.person)).card!.name).to.equal(patient.name);
      await keepNote(patient.carekey, patient.person, { ...body, contacts: [] });
      expect(await ownEmergency(patient.carekey, patient.person)).to.deep.include({ contacts: [], unknownContacts: 1 });
      await configure();
    });
  });

  describe("a request", () => {
    it("is seen at once by everybody concerned; the reason by those who judge it", async () => {
      const id = await ask();
      const seen = await Promise.all(
        [patient, doctor, colleague, daughter, clinic.registrar].map(async (each) => {
          const found = (await caseOf(each, id))!;
          return [found.role, found.phase, found.reason];
        }),
      );
      expect(seen).to.deep.equal([
        ["patient", "asked", REASON],
        ["requester", "asked", REASON],
        ["asked", "asked", REASON],
        ["contact", "asked", null],
        ["registrar", "asked", REASON],
      ]);
      expect((await caseOf(daughter, id))!.patientName).to.equal(patient.name);
      expect(await caseOf(stranger, id)).to.equal(null);
    });

    it("waits fifteen minutes for the second word: just before is in time, the moment itself is not", async () => {
      const late = await ask();
      await clinic.pass(CO_SIGN);
      await expectRevert(coSignEmergency(colleague.carekey, late), "EmergencyOver");
      expect(await phaseOf(late)).to.equal("lapsed");
      const id = await ask();
      await clinic.pass(CO_SIGN - SPARE);
      await coSignEmergency(colleague.carekey, id);
      expect(await phaseOf(id)).to.equal("waiting");
    });

    it("can ask another colleague, who then knows why", async () => {
      const id = await ask(doctor, colleague);
      const third = await clinic.join(10, 2, "Dr Third");
      expect(await caseOf(third, id)).to.equal(null);
      await askColleague(doctor.carekey, doctor.person, id, third.person.address);
      expect(await caseOf(third, id)).to.include({ role: "asked", isAsked: true, reason: REASON });
      await expectRefusal(askColleague(third.carekey, third.person, id, doctor.person.address), "NOT_FOUND");
    });

    it("is refused to strangers, to the unverified, to the junior until their week is over, and for one's own chart", async () => {
      await expectRevert(ask(stranger), "EmergencyNotVerified");
      const junior = await clinic.join(11, 2, "Dr Junior");
      await expectRevert(ask(junior), "EmergencyNotVerified");
      await clinic.licence(junior);
      const standing = await emergencyStanding(junior.carekey, junior.person.address);
      expect(standing).to.deep.equal({ isVerified: true, countsFrom: clinic.clock.now() + SENIORITY_SECONDS });
      await clinic.pass(SENIORITY_SECONDS - SPARE);
      await expectRevert(ask(junior), "EmergencyTooEarly");
      const asked = await ask();
      await expectRevert(coSignEmergency(junior.carekey, asked), "EmergencyTooEarly");
      await clinic.pass(SPARE);
      await ask(junior);
      await coSignEmergency(junior.carekey, asked);
    });

    it("is co-signed by nobody but another licensed clinician", async () => {
      const id = await ask();
      await expectRevert(coSignEmergency(doctor.carekey, id), "EmergencySameClinician");
      await expectRevert(coSignEmergency(stranger.carekey, id), "EmergencyNotVerified");
      await expectRevert(coSignEmergency(patient.carekey, id), "EmergencyOwnChart");
      await expectRefusal(requestEmergencyAlone(), "INVALID_ARGUMENT");
      function requestEmergencyAlone() {
        const call = { patient: patient.person.address, reason: REASON, colleague: doctor.person.address };
        return requestEmergency(doctor.carekey, doctor.person, call);
      }
    });

    it("is one at a time, and three in any 24 hours", async () => {
      const first = await ask();
      await expectRevert(ask(), "EmergencyAlreadyOpen");
      for (const id of [first, await askAfter(first), await askAfter()]) expect(id).to.match(/^0x/);
      await stop(doctor, (await listRunningEmergencies(doctor.carekey, doctor.person))[0]!.id);
      const since = (await caseOf(doctor, first))!.requestedAt;
      await clinic.pass(since + DAY - SPARE - clinic.clock.now());
      await expectRevert(ask(), "EmergencyTooMany");
      await clinic.pass(SPARE);
      await ask();

      async function askAfter(before?: Hex): Promise<Hex> {
        const running = before ?? (await listRunningEmergencies(doctor.carekey, doctor.person))[0]!.id;
        await stop(doctor, running);
        return ask();
      }
    });

    it("shows no reason that somebody else tells about it, or that is not the one committed to", async () => {
      const id = await ask(doctor, colleague, "Unconscious");
      const told = { patient: patient.person.address, reason: "A routine check", salt: random32(), asks: true };
      for (const liar of [doctor, stranger]) {
        const recipient = await recipientOf(liar.carekey, patient.person.address, NO_PINS);
        await sendSealed(liar.carekey, liar.person, recipient, { kind: "note", body: reasonBody(told) });
      }
      expect((await caseOf(patient, id))!.reason).to.equal("Unconscious");
    });
  });

  describe("the records", () => {
    it("open when the delay is over and not a second before; shut three hours later and not a second before", async () => {
      const id = await ask();
      await expectRefusal(open(id), "NO_CONSENT", "emergency-not-co-signed");
      await coSignEmergency(colleague.carekey, id);
      await clinic.pass(DELAY - 1);
      expect(await phaseOf(id)).to.equal("waiting");
      await expectRefusal(open(id), "NO_CONSENT", "emergency-waiting");
      await clinic.pass(1);
      expect(await phaseOf(id)).to.equal("open");
      expect(await open(id)).to.equal("Penicillin: anaphylaxis");
      await clinic.pass(OPEN - 1);
      expect(await open(id)).to.equal("Penicillin: anaphylaxis");
      await clinic.pass(1);
      expect(await phaseOf(id)).to.equal("closed");
      await expectRefusal(open(id), "CONSENT_EXPIRED", "emergency-closed");
    });

    it("leave receipts of kind emergency, explained by the request, with the reason", async () => {
      const id = await opened();
      await open(id);
      const session = await openViewSession(patient.carekey);
      const { views, problems } = await listViews(patient.carekey, patient.person, session);
      expect(problems).to.deep.equal([]);
      const [view] = views.filter(({ consentId }) => consentId === id);
      expect(view).to.include({ kind: "emergency", alarm: null, reason: REASON, recordId: allergies, viewNo: 0 });
      expect(view!.reader).to.equal(doctor.person.address);
      expect(view!.receipts.length).to.be.within(2, 3);
    });

    it("are those that the patient chose, and open to nobody but the requester", async () => {
      const id = await opened();
      const { items } = await readEmergencyChart(doctor.carekey, doctor.person, id);
      expect(items.map(({ entry }) => entry.pointer)).to.deep.equal([allergies]);
      await expectRefusal(readEmergencyChart(colleague.carekey, colleague.person, id), "NOT_FOUND");
      const session = await openViewSession(colleague.carekey);
      const view = { item: items[0]!, reason: REASON, session };
      await expectRefusal(openEmergencyRecord(colleague.carekey, colleague.person, view), "NO_CONSENT", "no-emergency");
      // A client that swaps in another record gets a half key that fits nothing.
      const forged = { ...items[0]!, entry: { ...items[0]!.entry, pointer: therapy } };
      const own = { item: forged, reason: REASON, session: await openViewSession(doctor.carekey) };
      await expectRefusal(openEmergencyRecord(doctor.carekey, doctor.person, own), "DECRYPTION_FAILED");
    });

    it("that the patient took out stay shut, and those added open", async () => {
      await configure({ records: [allergies, therapy] });
      const both = await opened();
      expect((await readEmergencyChart(doctor.carekey, doctor.person, both)).items).to.have.length(2);
      const { round } = await ownEmergency(patient.carekey, patient.person);
      await configure();
      // Taking one out ended what ran.
      expect(await phaseOf(both)).to.equal("stopped");
      const now = await ownEmergency(patient.carekey, patient.person);
      expect(now).to.deep.include({ enabled: true, round: round + 1, records: [allergies] });
      const id = await opened();
      expect(await open(id)).to.equal("Penicillin: anaphylaxis");
      // What was read before each end is explained, by the round it was read in.
      const ends = await patient.carekey.chain.emergency.roundEnds(patient.person.address);
      expect(ends).to.have.length(now.round);
      const { views } = await listViews(patient.carekey, patient.person, await openViewSession(patient.carekey));
      expect(views.filter(({ alarm }) => alarm !== null)).to.deep.equal([]);
      const byRound = views.filter(({ consentId }) => [both, id].includes(consentId));
      expect(byRound.length).to.be.at.least(1);
    });
  });

  describe("a stop", () => {
    for (const [name, who] of [
      ["the patient", () => patient],
      ["a contact", () => daughter],
      ["the requester", () => doctor],
      ["the second clinician", () => colleague],
    ] as const) {
      it(`by ${name} holds before the opening and after it`, async () => {
        const vetoed = await ask();
        await coSignEmergency(colleague.carekey, vetoed);
        await clinic.pass(DELAY - 1);
        await stop(who(), vetoed);
        await clinic.pass(1);
        await expectRefusal(open(vetoed), "CONSENT_REVOKED", "emergency-stopped");
        const ended = await opened();
        await open(ended);
        await stop(who(), ended);
        await expectRefusal(open(ended), "CONSENT_REVOKED", "emergency-stopped");
        const found = (await caseOf(patient, ended))!;
        expect(found).to.include({ phase: "stopped", stoppedBy: who().person.address, stoppedAt: clinic.clock.now() });
        await expectRevert(stop(patient, ended), "EmergencyOver");
      });
    }

    it("is not for strangers, for the registrar, or for a colleague who has not co-signed", async () => {
      const id = await ask();
      for (const each of [clinic.registrar, colleague]) await expectRefusal(stop(each, id), "FORBIDDEN");
      const forged = { id, role: "patient", contactSalt: null } as const;
      for (const each of [stranger, clinic.registrar, colleague]) {
        await expectRevert(stopEmergency(each.carekey, forged), "EmergencyNotConcerned");
      }
    });

    it("is not for somebody who was a contact once", async () => {
      const id = await ask();
      const kept = (await caseOf(daughter, id))!;
      await configure({ contacts: [] });
      expect(await caseOf(daughter, id)).to.equal(null);
      await expectRevert(stopEmergency(daughter.carekey, kept), "EmergencyNotConcerned");
      await configure();
    });

    it("comes with turning it off; turning it on again revives nothing and begins with nothing chosen", async () => {
      const id = await opened();
      await disableEmergency(patient.carekey);
      await expectRefusal(open(id), "CONSENT_REVOKED", "emergency-stopped");
      expect(await ownEmergency(patient.carekey, patient.person)).to.deep.include({ enabled: false, records: [] });
      await expectRevert(disableEmergency(patient.carekey), "EmergencyNotEnabled");
      await configure({ records: [] });
      expect(await ownEmergency(patient.carekey, patient.person)).to.deep.include({ enabled: true, records: [] });
      await expectRefusal(open(id), "CONSENT_REVOKED", "emergency-stopped");
      await configure();
    });
  });

  describe("the review", () => {
    const review = (by: Actor, id: Hex, justified: boolean) =>
      reviewEmergency(by.carekey, { id, requester: doctor.person.address, justified });

    it("comes when it is over, from a registrar, once", async () => {
      const id = await opened();
      await clinic.pass(OPEN - SPARE);
      await expectRevert(review(clinic.registrar, id, true), "EmergencyNotOver");
      await clinic.pass(SPARE);
      for (const each of [patient, doctor, colleague, stranger]) {
        await expectRevert(review(each, id, true), "EmergencyNotRegistrar");
      }
      await review(clinic.registrar, id, true);
      expect((await caseOf(patient, id))!.verdict).to.equal("justified");
      await expectRevert(review(clinic.registrar, id, false), "EmergencyAlreadyReviewed");
      await restorePerson(clinic.registrar.carekey, doctor.person.address);
      await clinic.pass(SENIORITY_SECONDS);
    });

    it("of use without need is no verdict without a suspension", async () => {
      const id = await opened();
      await stop(patient, id);
      const { carekey } = clinic.registrar;
      await expectRevert(
        sendActTo(carekey, "emergencyAccess", "review", [id, false], "Write it down", {}),
        "EmergencyNotSuspended",
      );
      await review(clinic.registrar, id, false);
      expect((await caseOf(doctor, id))!.verdict).to.equal("unjustified");
      expect(await carekey.chain.isVerified(doctor.person.address)).to.equal(false);
      await expectRevert(ask(), "EmergencyNotVerified");
      // Restored, the licence counts only after another while without a fault.
      await restorePerson(carekey, doctor.person.address);
      await clinic.pass(SENIORITY_SECONDS - SPARE);
      await expectRevert(ask(), "EmergencyTooEarly");
      await clinic.pass(SPARE);
      await ask();
    });

    it("suspension of either clinician shuts what is open", async () => {
      const id = await opened();
      await open(id);
      const { carekey } = clinic.registrar;
      await suspendPerson(carekey, colleague.person.address);
      await expectRefusal(open(id), "NOT_VERIFIED", "co-signer");
      await restorePerson(carekey, colleague.person.address);
      await clinic.pass(SENIORITY_SECONDS);
      await suspendPerson(carekey, doctor.person.address);
      await expectRefusal(open(id), "NOT_VERIFIED", "licence");
      await restorePerson(carekey, doctor.person.address);
    });
  });

  describe("new keys", () => {
    it("goes on with the same records after the patient's keys were replaced", async () => {
      await configure();
      const before = await ownEmergency(patient.carekey, patient.person);
      const newKeys = { seed: newSeed(), passphrase: "nine quiet lanterns cross the winter ferry" };
      const person = await beginNewKeys(patient.carekey, patient.person, newKeys);
      await finishNewKeys(patient.carekey, person);
      patient = { ...patient, person };
      expect((await ownEmergency(patient.carekey, person)).records).to.deep.equal(before.records);
      expect(await open(await opened())).to.equal("Penicillin: anaphylaxis");
    });
  });
});

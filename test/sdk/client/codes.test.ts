/**
 * @module test/sdk/client/codes
 * One-time codes and sessions on the real stack: a sign-in that waits for its code, views that ask for one, approvals, and ends that
 * gateway and keepers both know of.
 */
import { expect } from "chai";
import { Secret, TOTP } from "otpauth";
import {
  accountState,
  codeEntry,
  endSessions,
  enterCode,
  listSessions,
  openSharedRecord,
  openViewSession,
  signOut,
  type Carekey,
  type SharedItem,
} from "../../../sdk/src/client/index.ts";
import { FLAG_OTP } from "../../../sdk/src/consent/index.ts";
import type { CodeEntry } from "../../../sdk/src/gateway/index.ts";
import { expectRefusal } from "../../support/refusal.ts";
import {
  addText,
  itemsUnder,
  openOn,
  share,
  sharedClientClinic,
  textOf,
  type Actor,
  type ClientClinic,
} from "./support/clinic.ts";

/** Turns an authenticator app on. @returns its backup codes, which tests need not wait for. */
async function turnOnCodes({ carekey }: Actor): Promise<CodeEntry[]> {
  const { secret } = await carekey.gateway.codes.beginApp();
  const codes = await carekey.gateway.codes.confirm("app", new TOTP({ secret: Secret.fromBase32(secret) }).generate());
  return codes!.map((code) => codeEntry(code, "app"));
}

describe("one-time codes and sessions of a client", function () {
  this.timeout(180_000);
  let clinic: ClientClinic;
  let patient: Actor;
  let reader: Actor;
  let codes: CodeEntry[];
  let items: readonly SharedItem[];
  before(async () => {
    clinic = await sharedClientClinic();
    [patient, reader] = [await clinic.join(1, "Solveig Aas"), await clinic.join(2, "Dr Ivo Marsh")];
    await clinic.licence(reader);
    for (const name of ["One", "Two"]) await addText(patient, name, "general", `${name} says`);
    const [id] = await share(patient, reader, { asksForCode: true, maxViews: 20 });
    items = await itemsUnder(reader, patient, id!);
  });

  const open = async (carekey: Carekey, item: SharedItem, code?: CodeEntry) =>
    openSharedRecord(carekey, reader.person, {
      item,
      reason: "Visit",
      session: await openViewSession(carekey),
      code,
    });

  it("asks a reader without codes to turn them on", async () => {
    expect(items).to.have.length(2);
    expect(items[0]!.grant.terms.flags & FLAG_OTP).to.equal(FLAG_OTP);
    await expectRefusal(openOn(reader.carekey, reader.person, items[0]!), "OTP_OFF");
  });

  it("leaves a clinician's sign-in half open until the code, and says so without asking for anything behind it", async () => {
    codes = await turnOnCodes(reader);
    const device = await clinic.device(reader);
    const half = await accountState(device);
    expect(half).to.include({ signedIn: true, needsCode: true, hasPassphraseSlot: null, slotKinds: null });
    await expectRefusal(device.gateway.listSlots(), "OTP_REQUIRED");
    await expectRefusal(enterCode(device, "sign-in", codeEntry("ABCDE-12345", "app")), "OTP_WRONG");
    await enterCode(device, "sign-in", codes.pop()!);
    expect(await accountState(device)).to.include({ needsCode: false, hasPassphraseSlot: true });
  });

  it("opens records with one code for five minutes, on that sign-in only, and nothing without", async () => {
    await expectRefusal(open(reader.carekey, items[0]!), "OTP_REQUIRED");
    await expectRefusal(open(reader.carekey, items[0]!, codeEntry("ABCDE-12345", "app")), "OTP_WRONG");
    expect(await textOf(await open(reader.carekey, items[0]!, codes.pop()))).to.match(/says$/);
    expect(await textOf(await open(reader.carekey, items[1]!))).to.match(/says$/);
    const device = await clinic.device(reader);
    await enterCode(device, "sign-in", codes.pop()!);
    await expectRefusal(open(device, items[0]!), "OTP_REQUIRED");
  });

  it("takes no second code from a tab that loses the race for a view number", async () => {
    const [id] = await share(patient, reader, { asksForCode: true, maxViews: 2 });
    const [one, two] = await itemsUnder(reader, patient, id!);
    const other = await clinic.device(reader);
    await enterCode(other, "sign-in", codes.pop()!);
    const before = (await reader.carekey.gateway.codes.state()).backupLeft;
    const opened = await Promise.all([open(reader.carekey, one!, codes.pop()), open(other, two!, codes.pop())]);
    expect(await Promise.all(opened.map(textOf))).to.have.length(2);
    expect((await reader.carekey.gateway.codes.state()).backupLeft).to.equal(before - 2);
  });

  it("asks a patient with codes before anything is shared, and not before it is taken back", async () => {
    const owner = await clinic.join(1, "Karin Moe");
    const backup = await turnOnCodes(owner);
    await expectRefusal(share(owner, reader), "OTP_REQUIRED");
    await enterCode(owner.carekey, "view", backup.pop()!);
    await expectRefusal(share(owner, reader), "OTP_REQUIRED");
    await enterCode(owner.carekey, "approval", backup.pop()!);
    expect(await share(owner, reader)).to.have.length(1);
    expect(await share(owner, reader)).to.have.length(1);
  });

  it("lists sign-ins, and ends another one at the gateway and its view sessions at every keeper", async () => {
    const desk = await clinic.device(patient);
    const left = await clinic.device(patient);
    const [deskSession, leftSession] = [await openViewSession(desk), await openViewSession(left)];
    const listed = await listSessions(desk);
    const own = listed.find(({ isThisOne }) => isThisOne)!;
    const leftId = (await listSessions(left)).find(({ isThisOne }) => isThisOne)!.id;
    // Sessions are told apart by their seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const { session, keepersTold } = await endSessions(desk, leftId);
    expect(keepersTold).to.equal(3);
    await expectRefusal(left.gateway.listSlots(), "NOT_SIGNED_IN");
    expect((await listSessions(desk)).map(({ id }) => id))
      .to.include(own.id)
      .and.not.include(leftId);
    for (const keeper of desk.keepers) {
      await expectRefusal(keeper.endOtherSessions(leftSession), "EXPIRED", "session-ended");
      await expectRefusal(keeper.endOtherSessions(deskSession), "EXPIRED", "session-ended");
      await keeper.endOtherSessions(session);
    }
    const third = await clinic.device(patient);
    await endSessions(desk, "others");
    await expectRefusal(third.gateway.listSlots(), "NOT_SIGNED_IN");
    expect(await listSessions(desk)).to.have.length(1);
  });

  it("signs out at the gateway and at every keeper", async () => {
    const device = await clinic.device(patient);
    const session = await openViewSession(device);
    await signOut(device);
    await expectRefusal(device.gateway.listSlots(), "NOT_SIGNED_IN");
    for (const keeper of device.keepers) {
      await expectRefusal(keeper.endSession(session), "EXPIRED", "session-ended");
    }
  });
});

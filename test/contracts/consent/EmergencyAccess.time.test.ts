import { expect } from "chai";
import { DAY } from "../support/clinic.ts";
import { CLOSES, HOUR, MINUTE, NOW, OPENS, REASON, WEEK, newEmergencyChain } from "../support/emergency.ts";

const { networkHelpers, openEmergency, time } = await newEmergencyChain();

async function fixture() {
  return openEmergency();
}

describe("EmergencyAccess, at the edges of time", () => {
  for (const role of ["request", "coSign"] as const) {
    it(`${role}: a verification counts when it has stood for a week, to the second`, async () => {
      // The young doctor was verified at NOW - MINUTE.
      const counts = NOW - MINUTE + WEEK;
      for (const moment of [counts - 1, counts, counts + 1]) {
        const { emergency, call, patient, doctor, youngDoctor, request } = await networkHelpers.loadFixture(fixture);
        const id = role === "coSign" ? await request(doctor, counts - 10) : null;
        await time.setNextBlockTimestamp(moment);
        const sent = id === null ? call(youngDoctor, "request", patient, REASON) : call(youngDoctor, "coSign", id);
        if (moment >= counts) await sent;
        else {
          await expect(sent)
            .to.be.revertedWithCustomError(emergency, "EmergencyTooEarly")
            .withArgs(youngDoctor.address, counts);
        }
      }
    });
  }

  it("counts the week from the end of a suspension", async () => {
    const { emergency, act, call, registrar, doctor, patient } = await networkHelpers.loadFixture(fixture);
    await act(registrar, "suspend", doctor);
    await time.setNextBlockTimestamp(NOW + HOUR);
    await act(registrar, "restore", doctor);
    await time.setNextBlockTimestamp(NOW + HOUR + WEEK - 1);
    await expect(call(doctor, "request", patient, REASON))
      .to.be.revertedWithCustomError(emergency, "EmergencyTooEarly")
      .withArgs(doctor.address, NOW + HOUR + WEEK);
    await time.setNextBlockTimestamp(NOW + HOUR + WEEK);
    await call(doctor, "request", patient, REASON);
  });

  it("waits fifteen minutes for the second clinician", async () => {
    for (const moment of [NOW + 10 + 899, NOW + 10 + 900, NOW + 10 + 901]) {
      const { emergency, call, otherDoctor, doctor, request } = await networkHelpers.loadFixture(fixture);
      const id = await request(doctor, NOW + 10);
      await time.setNextBlockTimestamp(moment);
      const sent = call(otherDoctor, "coSign", id);
      if (moment < NOW + 10 + 900) await sent;
      else await expect(sent).to.be.revertedWithCustomError(emergency, "EmergencyOver").withArgs(id);
    }
  });

  it("opens after the delay, and closes after three hours", async () => {
    const { see, patient, doctor, coSigned } = await networkHelpers.loadFixture(fixture);
    const id = await coSigned();
    const expected: [number, boolean, boolean][] = [
      [OPENS - 1, false, true],
      [OPENS, true, true],
      [OPENS + 1, true, true],
      [CLOSES - 1, true, true],
      [CLOSES, false, false],
      [CLOSES + 1, false, false],
    ];
    for (const [moment, active, open] of expected) {
      await time.increaseTo(moment);
      expect(await see("isActive", patient, doctor), `active at ${moment - OPENS}`).to.equal(active);
      expect(await see("isOpen", id), `open at ${moment - OPENS}`).to.equal(open);
    }
  });

  it("can be stopped in its last second, and not after it", async () => {
    for (const moment of [OPENS - 1, OPENS, CLOSES - 1, CLOSES, CLOSES + 1]) {
      const { emergency, patient, coSigned, stop } = await networkHelpers.loadFixture(fixture);
      const id = await coSigned();
      await time.setNextBlockTimestamp(moment);
      const sent = stop(patient, id);
      if (moment < CLOSES) {
        await expect(sent)
          .to.emit(emergency, "EmergencyStopped")
          .withArgs(id, patient.address, patient.address, moment >= OPENS);
      } else await expect(sent).to.be.revertedWithCustomError(emergency, "EmergencyOver").withArgs(id);
    }
  });

  it("can be reviewed from the second in which it is over", async () => {
    for (const moment of [CLOSES - 1, CLOSES]) {
      const { emergency, call, registrar, coSigned } = await networkHelpers.loadFixture(fixture);
      const id = await coSigned();
      await time.setNextBlockTimestamp(moment);
      const sent = call(registrar, "review", id, true);
      if (moment < CLOSES) await expect(sent).to.be.revertedWithCustomError(emergency, "EmergencyNotOver").withArgs(id);
      else await sent;
    }
  });

  it("lets a clinician ask again when the first request lapsed or closed, not a second earlier", async () => {
    for (const coSign of [false, true]) {
      const clinic = await networkHelpers.loadFixture(fixture);
      const { emergency, call, doctor, patient } = clinic;
      const id = coSign ? await clinic.coSigned() : await clinic.request(doctor, NOW + 10);
      const over = coSign ? CLOSES : NOW + 10 + 900;
      await time.setNextBlockTimestamp(over - 1);
      await expect(call(doctor, "request", patient, REASON))
        .to.be.revertedWithCustomError(emergency, "EmergencyAlreadyOpen")
        .withArgs(doctor.address, id);
      await time.setNextBlockTimestamp(over);
      await call(doctor, "request", patient, REASON);
    }
  });

  it("takes three requests of one clinician in any 24 hours", async () => {
    const { emergency, call, doctor, patient, request, stop } = await networkHelpers.loadFixture(fixture);
    for (const moment of [NOW + 100, NOW + 200, NOW + DAY + 50]) await stop(patient, await request(doctor, moment));
    // The first is a day old at NOW + 100 + DAY.
    await time.setNextBlockTimestamp(NOW + DAY + 99);
    await expect(call(doctor, "request", patient, REASON))
      .to.be.revertedWithCustomError(emergency, "EmergencyTooMany")
      .withArgs(doctor.address, NOW + DAY + 100);
    await stop(patient, await request(doctor, NOW + DAY + 100));
    await time.setNextBlockTimestamp(NOW + DAY + 199);
    await expect(call(doctor, "request", patient, REASON))
      .to.be.revertedWithCustomError(emergency, "EmergencyTooMany")
      .withArgs(doctor.address, NOW + DAY + 200);
    await stop(patient, await request(doctor, NOW + DAY + 200));
  });

  it("counts each clinician's requests alone", async () => {
    const { see, patient, doctor, thirdDoctor, request, stop } = await networkHelpers.loadFixture(fixture);
    for (const account of [doctor, doctor, doctor]) await stop(patient, await request(account));
    expect(await see("isOpen", await request(thirdDoctor))).to.equal(true);
  });
});

/**
 * @module test/e2e/01-keys
 * Point 1 of the main job: people connect, register, set up their keys, and come back on a second device.
 */
import { expect } from "chai";
import {
  connectAndSignIn,
  expectNoComplaints,
  openApp,
  openTab,
  register,
  unlock,
  type E2ePerson,
} from "./support/person.ts";
import { cast } from "./support/cast.ts";
import { shootFailure } from "./support/world.ts";

describe("keys", function () {
  this.timeout(240_000);

  afterEach(shootFailure);

  it("a patient registers: code shown once and checked, passphrase, keepers", async () => {
    await register(cast().patient, { kind: "patient" });
    expect(cast().patient.recoveryCode.replaceAll(" ", "")).to.match(/^[0-9A-Z]{56}$/);
    await cast().patient.page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  });

  it("the registrar and two doctors register", async () => {
    const { registrar, doctor, stranger } = cast();
    await register(registrar, { kind: "registrar" });
    await register(doctor, { kind: "clinician", speciality: "Cardiology" });
    await register(stranger, { kind: "clinician", speciality: "Dermatology" });
  });

  for (const by of ["passphrase", "code"] as const) {
    it(`the same patient unlocks in another browser with the ${by}`, async () => {
      const { patient } = cast();
      const device: E2ePerson = await openApp({ name: "Rosa's phone", account: 10 });
      device.recoveryCode = patient.recoveryCode;
      try {
        await connectAndSignIn(device);
        await unlock(device, by);
        await openTab(device, "Me");
        expectNoComplaints(device);
      } finally {
        await device.close();
      }
    });
  }

  it("a wrong passphrase opens nothing and says so", async () => {
    const device = await openApp({
      name: "A thief with the wallet",
      account: 10,
      passphrase: "not the one that was chosen",
    });
    try {
      await connectAndSignIn(device);
      await device.page.getByLabel("Passphrase", { exact: true }).fill(device.passphrase);
      await device.page.getByRole("button", { name: "Unlock", exact: true }).click();
      await device.page.getByText("That does not open your records").waitFor();
      expect(await device.page.getByRole("navigation", { name: "Main" }).count()).to.equal(0);
    } finally {
      await device.close();
    }
  });

  it("leaves nothing unexplained in the console", () => expectNoComplaints(...Object.values(cast())));
});

/**
 * @module test/histories/histories
 * A few random histories with each test run, and proof that the comparison can fail.
 */
import { expect } from "chai";
import { startClinic, type Clinic } from "../services/keeper/support/clinic.ts";
import { playHistory } from "./history.ts";

const HISTORIES = 4;
const ACTS = 40;
const MOST_TRIES = 10;

describe("random histories", function () {
  this.timeout(600_000);
  const seed = Math.floor(Math.random() * 2 ** 31);
  let clinic: Clinic;

  before(async () => {
    clinic = await startClinic();
  });

  after(() => clinic.close());

  it(`open what the model opens and nothing else, from seed ${seed}`, async () => {
    for (let index = 0; index < HISTORIES; index++) {
      const { differences, log } = await playHistory(clinic, seed + index, ACTS);
      expect(differences, log.join("\n")).to.deep.equal([]);
    }
  });

  it("differ when the clock of one keeper stands still", async () => {
    const [{ ports }] = clinic.keepers as [Clinic["keepers"][number]];
    const stoppedAt = clinic.clock.now();
    ports.clock = { now: () => stoppedAt };
    const found: string[] = [];
    for (let seed = 1; seed <= MOST_TRIES && found.length === 0; seed++) {
      found.push(...(await playHistory(clinic, seed, ACTS)).differences);
    }
    expect(found).not.to.deep.equal([]);
  });
});

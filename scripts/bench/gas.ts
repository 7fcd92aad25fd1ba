/**
 * @module bench/gas
 * The gas snapshot against the design's ceilings and the cheapest open-source peer that can do the same.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "../common/run.ts";
import { GAS_GOALS } from "./gas-goals.ts";
import type { BenchPart, BenchResult } from "./result.ts";

const SNAPSHOT = join(ROOT, "test/snapshots/gas.json");

/** Reads the snapshot, which the contracts' tests keep true. */
export const gas: BenchPart = {
  name: "gas",
  run: () => {
    if (!existsSync(SNAPSHOT))
      throw new Error(`${SNAPSHOT} is missing: UPDATE_SNAPSHOTS=1 npm test -- --only contracts`);
    const measured = z.record(z.string(), z.number()).parse(JSON.parse(readFileSync(SNAPSHOT, "utf8")));
    return Promise.resolve(
      Object.entries(GAS_GOALS).map(([name, { ceiling, peer }]): BenchResult => {
        const value = measured[name] ?? NaN;
        const ratio = peer === null ? null : peer / value;
        return {
          name: `gas: ${name}`,
          value,
          unit: "gas",
          reference: peer,
          ratio,
          goal: `<= ${ceiling}`,
          ok: value <= ceiling,
        };
      }),
    );
  },
};

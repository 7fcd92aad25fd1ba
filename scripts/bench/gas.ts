/**
 * @module bench/gas
 * The gas snapshot against the design's ceilings and the cheapest open-source peer that can do the same.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "../common/run.ts";
import type { BenchPart, BenchResult } from "./result.ts";

const SNAPSHOT = join(ROOT, "test/snapshots/gas.json");

/** Gas at most, and what the cheapest peer takes (null: none does it). */
const GOALS: Readonly<Record<string, { ceiling: number; peer: number | null }>> = {
  register: { ceiling: 47_000, peer: 74_829 },
  verify: { ceiling: 33_000, peer: 123_611 },
  grant: { ceiling: 47_500, peer: 45_565 },
  grantBySig: { ceiling: 58_000, peer: null },
  revoke: { ceiling: 29_500, peer: 23_649 },
  submit: { ceiling: 43_500, peer: 128_271 },
  decide: { ceiling: 31_000, peer: null },
  "decideBatch of ten": { ceiling: 42_000, peer: null },
  add: { ceiling: 31_000, peer: 120_492 },
  "whole life": { ceiling: 278_000, peer: 657_344 },
};

/** Reads the snapshot, which the contracts' tests keep true. */
export const gas: BenchPart = {
  name: "gas",
  run: () => {
    if (!existsSync(SNAPSHOT))
      throw new Error(`${SNAPSHOT} is missing: UPDATE_SNAPSHOTS=1 npm test -- --only contracts`);
    const measured = z.record(z.string(), z.number()).parse(JSON.parse(readFileSync(SNAPSHOT, "utf8")));
    return Promise.resolve(
      Object.entries(GOALS).map(([name, { ceiling, peer }]): BenchResult => {
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

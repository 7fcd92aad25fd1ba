/**
 * @module bench/result
 * One line of the benchmark table, and how to measure. Only ratios within one run are compared: machines differ.
 */

/** One measured value. */
export type BenchResult = {
  name: string;
  value: number;
  unit: string;
  /** What it is compared with, measured in the same run, or a published number. */
  reference: number | null;
  /** value / reference, or reference / value where less is better: more is always better. */
  ratio: number | null;
  /** The goal in words. */
  goal: string;
  ok: boolean;
};

/** One part of the benchmark. */
export type BenchPart = { name: string; run: () => Promise<BenchResult[]> };

/**
 * The least time of each task in milliseconds, over `rounds` rounds in which all tasks take turns: a busy moment of the
 * machine then hits them alike.
 */
export async function leastMilliseconds<Name extends string>(
  tasks: Readonly<Record<Name, () => unknown>>,
  rounds: number,
): Promise<Record<Name, number>> {
  const names = Object.keys(tasks) as Name[];
  const least = Object.fromEntries(names.map((name) => [name, Infinity])) as Record<Name, number>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const startedAt = performance.now();
      await tasks[name]();
      least[name] = Math.min(least[name], performance.now() - startedAt);
    }
  }
  return least;
}

/** A duration with an upper limit. */
export function atMost(name: string, value: number, unit: string, limit: number): BenchResult {
  return { name, value, unit, reference: limit, ratio: limit / value, goal: `<= ${limit} ${unit}`, ok: value <= limit };
}

/** A speed beside another one. */
type Speeds = { value: number; reference: number; unit: string };

/** A speed compared with another one, to know; there is no goal. */
export function compared(name: string, speeds: Speeds): BenchResult {
  return { name, ...speeds, ratio: speeds.value / speeds.reference, goal: "none", ok: true };
}

/** A speed compared with another one. */
export function atLeastTimes(name: string, speeds: Speeds, least: number): BenchResult {
  const result = compared(name, speeds);
  return { ...result, goal: `>= ${least} x`, ok: result.ratio! >= least };
}

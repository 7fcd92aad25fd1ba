/**
 * @module bench/gas-goals
 * What each act may cost: held by the contracts' tests, shown by the benchmark.
 */

/** A limit on gas, and what the cheapest open-source medical-record contract takes that can do the same (null: none can). */
export type GasGoal = { ceiling: number; peer: number | null };

/** Goals by the names of test/snapshots/gas.json. */
export const GAS_GOALS: Readonly<Record<string, GasGoal>> = {
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
  "emergency: configure with two contacts": { ceiling: 46_500, peer: null },
  "emergency: configureBySig with two contacts": { ceiling: 59_000, peer: null },
  "emergency: request": { ceiling: 100_000, peer: null },
  "emergency: coSign": { ceiling: 67_000, peer: null },
  "emergency: stop": { ceiling: 38_500, peer: null },
  "emergency: stopBySig": { ceiling: 45_500, peer: null },
  "emergency: review": { ceiling: 42_500, peer: null },
  "emergency: disable": { ceiling: 36_000, peer: null },
  "succession: setGuardians of three": { ceiling: 37_500, peer: null },
  "succession: setGuardiansBySig of three": { ceiling: 68_000, peer: null },
  "succession: veto": { ceiling: 29_000, peer: null },
  "succession: vetoBySig": { ceiling: 41_500, peer: null },
  "succession: vouch": { ceiling: 70_000, peer: null },
  "succession: vouchBySig": { ceiling: 77_500, peer: null },
  "succession: complete": { ceiling: 77_500, peer: null },
  "succession: succeed": { ceiling: 79_000, peer: null },
  "succession: succeedBySig": { ceiling: 85_500, peer: null },
};

/**
 * @module features/identity/recovery-code
 * The recovery code as groups on paper, and the check that somebody has really written it down. Pure.
 */
import { encodeRecoveryCode } from "@carekey/sdk/crypto";

/** The groups of a seed's recovery code, in order. */
export function codeGroups(seed: Uint8Array): string[] {
  return encodeRecoveryCode(seed).split("-");
}

/** Which groups to ask for: `count` different positions from 0, ascending. */
export function pickPositions(groups: number, count: number, random: () => number): number[] {
  const positions = Array.from({ length: groups }, (_, index) => index);
  for (let index = 0; index < count; index++) {
    const other = index + Math.floor(random() * (groups - index));
    [positions[index], positions[other]] = [positions[other]!, positions[index]!];
  }
  return positions.slice(0, count).sort((left, right) => left - right);
}

/** Whether what was typed is the group, read as the code itself reads it: case aside, O as 0, I and L as 1. */
export function matchesGroup(typed: string, group: string): boolean {
  const plain = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  return plain === group;
}

/** The text of the file that keeps the code, for those without a printer. */
export function codeFile(groups: readonly string[], address: string, date: string): string {
  return [
    "Carekey recovery code",
    `Account ${address}, made on ${date}`,
    "",
    ...groups.map((group, index) => `${String(index + 1).padStart(2, " ")}  ${group}`),
    "",
    "Whoever has this code can read all records of this account. Keep it offline.",
    "",
  ].join("\n");
}

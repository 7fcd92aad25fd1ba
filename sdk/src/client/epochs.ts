/**
 * @module client/epochs
 * Which epoch of a scope new wraps use, and when a scope must be rotated first. Pure: rotations and consents in, answers out.
 */
import type { Hex } from "../bytes.ts";

/** One announced rotation: a scopes block named by a NOTE. `announcedAt` in seconds. */
export type Rotation = { digest: Hex; epoch: number; tags: readonly Hex[]; announcedAt: number };

/** A READ consent as rotation sees it. `endedAt` in seconds, null while it stands. */
export type KeyHolder = { tags: readonly Hex[]; endedAt: number | null };

/** The epochs of a chart. */
export type Epochs = {
  /** The highest epoch announced; a rotation takes the next one. */
  chartEpoch: number;
  /** The epochs of one scope tag, ascending, from 0. */
  epochsOf(tag: Hex): number[];
  /** The epoch that new wraps under a tag use. */
  currentOf(tag: Hex): number;
  /** Whether a tag's scope must be rotated before the next wrap. */
  mustRotate(tag: Hex, holders: readonly KeyHolder[]): boolean;
};

/** The epochs that these rotations, in any order, add up to. */
export function epochsFrom(rotations: readonly Rotation[]): Epochs {
  const announcements = new Map<number, number>();
  for (const { epoch } of rotations) announcements.set(epoch, (announcements.get(epoch) ?? 0) + 1);

  const rotationsOf = (tag: Hex) =>
    rotations.filter(({ tags }) => tags.includes(tag)).sort((left, right) => left.epoch - right.epoch);
  const epochsOf = (tag: Hex) => [...new Set([0, ...rotationsOf(tag).map(({ epoch }) => epoch)])];
  const currentOf = (tag: Hex) => epochsOf(tag).at(-1)!;

  return {
    chartEpoch: rotations.reduce((highest, { epoch }) => Math.max(highest, epoch), 0),
    epochsOf,
    currentOf,
    mustRotate: (tag, holders) => {
      const current = currentOf(tag);
      // Two devices announced one epoch: either may have given it to somebody whom the other had cut off.
      if ((announcements.get(current) ?? 0) > 1) return true;
      const since = rotationsOf(tag).at(-1)?.announcedAt ?? 0;
      // An end in the rotation's own second may have come after it, when the new key had been given away.
      return holders.some(({ tags, endedAt }) => tags.includes(tag) && endedAt !== null && endedAt >= since);
    },
  };
}

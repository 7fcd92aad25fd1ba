/**
 * @module test/histories/random
 * A small seeded generator, so that a history can be played again: mulberry32 (public domain, by Tommy Ettinger's design of 2017).
 */

/** Random choices that follow from a seed. */
export type Dice = {
  /** A whole number in [0, below). */
  below(limit: number): number;
  /** Whether something of this probability happens. */
  chance(probability: number): boolean;
  /** One of the items. */
  pick<Item>(items: readonly Item[]): Item;
  /** One of the rows, as often as its weight says. */
  weighted<Item>(rows: readonly (readonly [weight: number, item: Item])[]): Item;
};

/** Dice of a seed. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)]!,
    weighted: (rows) => {
      let left = next() * rows.reduce((sum, [weight]) => sum + weight, 0);
      return (rows.find(([weight]) => (left -= weight) < 0) ?? rows.at(-1)!)[1];
    },
  };
}

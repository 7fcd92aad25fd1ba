/**
 * @module test/lanes
 * Several runners at once: each lane takes the next one as soon as it is free.
 */

/**
 * Runs `work` on each item, `lanes` at a time, in the order given.
 * @returns what the items gave, in the order given.
 */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [position, item] of queue) results[position] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, lanes) }, lane));
  return results;
}

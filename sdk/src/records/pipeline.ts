/**
 * @module records/pipeline
 * Runs asynchronous work on a stream with a few items in flight and gives the results in order, so that memory stays flat.
 */

/** Leaves that are worked on at the same time. */
export const IN_FLIGHT = 4;

/**
 * Maps `items` through `work`, at most `width` at a time, in order. Items are pulled only as results are taken. When the
 * reader stops or something fails, no further item is pulled.
 */
export async function* mapInOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  work: (item: Item) => Promise<Result>,
  width = IN_FLIGHT,
): AsyncGenerator<Result, void, undefined> {
  const running: Promise<Result>[] = [];
  for await (const item of items) {
    const result = work(item);
    result.catch(() => undefined); // its failure is thrown when its turn comes, if it still does
    running.push(result);
    if (running.length >= width) yield await running.shift()!;
  }
  for (const result of running) yield await result;
}

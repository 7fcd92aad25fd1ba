/**
 * @module services/gateway/gate
 * A gate that many pass together and one passes alone: puts and pins share it, removals have it to themselves.
 */

/** See the module. */
export type Gate = {
  shared<T>(work: () => Promise<T>): Promise<T>;
  alone<T>(work: () => Promise<T>): Promise<T>;
};

/** A new, open gate. Those who wait are served in order, so that neither side starves. */
export function createGate(): Gate {
  let last: Promise<unknown> = Promise.resolve(); // settles when the last one to go alone is through
  let sharing = new Set<Promise<unknown>>();
  return {
    async shared(work) {
      const mine = last.then(work);
      const settled = mine.catch(() => undefined);
      sharing.add(settled);
      const group = sharing;
      void settled.then(() => group.delete(settled));
      return mine;
    },
    async alone(work) {
      const before = [last, ...sharing];
      sharing = new Set();
      const mine = Promise.all(before).then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

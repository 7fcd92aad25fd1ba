/**
 * @module client/kept
 * What is remembered for a device or for an unlocked person, and is gone with them.
 */

/** Gives each owner something of its own, made on the first use. */
export function keptFor<Owner extends WeakKey, Kept>(make: () => Kept): (owner: Owner) => Kept {
  const all = new WeakMap<Owner, Kept>();
  return (owner) => {
    let own = all.get(owner);
    if (own === undefined) all.set(owner, (own = make()));
    return own;
  };
}

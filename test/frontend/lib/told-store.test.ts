/**
 * @module test/frontend/lib/told-store
 * What was read of the device's own news stays on the device, sealed: for the same person only.
 */
import { expect } from "chai";
import { memoryStore, type Carekey, type Person } from "@carekey/sdk/client";
import { derivePersonKeys, newSeed } from "@carekey/sdk/crypto";
import { loadTold, saveTold } from "../../../frontend/src/lib/told-store.ts";

const ADDRESS = "0x0000000000000000000000000000000000000001";
const ID = "the-id-of-what-was-told";

describe("what was told on this device", () => {
  const personOf = () => ({ address: ADDRESS, keys: derivePersonKeys(newSeed(), 0) }) as unknown as Person;
  const carekeyOf = (store = memoryStore()) =>
    ({ store, deployment: { chainId: 31337, carekey: ADDRESS }, now: () => 1_000 }) as unknown as Carekey;

  it("begins now on a device that knows nothing, and says the same the next time", async () => {
    const [carekey, person] = [carekeyOf(), personOf()];
    const first = await loadTold(carekey, person);
    expect(first).to.deep.equal({ since: 1_000, ids: [] });
    expect(await loadTold({ ...carekey, now: () => 9_000 }, person)).to.deep.equal(first);
  });

  it("comes back as it was, and is noise in the store and to other keys", async () => {
    const stored: Uint8Array[] = [];
    const inner = memoryStore();
    const store = {
      ...inner,
      put: (key: string, value: Uint8Array) => {
        stored.push(value);
        return inner.put(key, value);
      },
    };
    const [carekey, person] = [carekeyOf(store), personOf()];
    await saveTold(carekey, person, { since: 5, ids: [ID] });
    expect(await loadTold(carekey, person)).to.deep.equal({ since: 5, ids: [ID] });
    expect(Buffer.concat(stored).includes(ID)).to.equal(false);
    expect(await loadTold(carekey, personOf())).to.deep.equal({ since: 1_000, ids: [] });
  });
});

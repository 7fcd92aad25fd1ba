/**
 * @module services/gateway/adapters/key-file
 * Keys of 32 bytes in files of the data folder, readable by their owner only, made at the first start.
 */
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Hex } from "@carekey/sdk/bytes";
import { SdkError } from "@carekey/sdk/errors";

/**
 * The key in `folder`/`name`; `make` gives one when there is none yet.
 * @throws SdkError MALFORMED when the file holds something else.
 */
export async function loadKeyFile(folder: string, name: string, make: () => Hex): Promise<Hex> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, name);
  try {
    const handle = await open(file, "wx", 0o600);
    const key = make();
    await handle.writeFile(key + "\n");
    await handle.sync();
    await handle.close();
    return key;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const key = (await readFile(file, "utf8")).trim();
  if (!/^0x[0-9a-f]{64}$/.test(key)) throw new SdkError("MALFORMED", `${name} does not hold a key`);
  return key as Hex;
}

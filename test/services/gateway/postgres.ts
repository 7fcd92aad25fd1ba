/**
 * @module test/services/gateway/postgres
 * A PostgreSQL server of the system in a temporary folder, for tests that compare it with the embedded database.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { chown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../../support/ports.ts";

const NOBODY = 65534;
const run = promisify(execFile);

/** A running server. */
export type Postgres = { url: string; stop(): Promise<void> };

/** Whether the system has PostgreSQL. */
export async function hasPostgres(): Promise<boolean> {
  return Promise.all([run("initdb", ["--version"]), run("postgres", ["--version"])]).then(
    () => true,
    () => false,
  );
}

/** Starts a server whose data lies in `folder`. It refuses to run as root, so root starts it as nobody. */
export async function startPostgres(folder: string): Promise<Postgres> {
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const data = join(folder, "postgres");
  await mkdir(data);
  if (user.uid !== undefined) {
    await chown(folder, NOBODY, NOBODY);
    await chown(data, NOBODY, NOBODY);
  }
  await run("initdb", ["-D", data, "-U", "carekey", "-A", "trust", "-N", "--locale=C", "-E", "UTF8"], {
    ...user,
    cwd: data,
  });
  const port = await freePort();
  const settings = ["-p", String(port), "-h", "127.0.0.1", "-k", data, "-c", "fsync=off"];
  const server: ChildProcess = spawn("postgres", ["-D", data, ...settings], {
    ...user,
    cwd: data,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let text = "";
    server.stderr!.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("ready to accept connections")) resolve();
    });
    void exited.then(() => reject(new Error(text)));
  });
  return {
    url: `postgres://carekey@127.0.0.1:${port}/postgres`,
    async stop() {
      server.kill("SIGINT");
      await exited;
    },
  };
}

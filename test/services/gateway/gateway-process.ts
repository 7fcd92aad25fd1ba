/**
 * @module test/services/gateway/gateway-process
 * The gateway as a process of its own, over a folder that is gone afterwards.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Deployment } from "@carekey/sdk/deployment";
import { WITH_PARENT } from "../../../scripts/common/run.ts";
import { layDatabase } from "../../support/database.ts";
import { freePort } from "../../support/ports.ts";
import { temporaryFolder } from "./fixture.ts";

const MAIN = fileURLToPath(new URL("../../../services/gateway/main.ts", import.meta.url));

/** Where a gateway may run, again and again. Call `deploy` before the first `start`. */
export async function gatewayProcesses() {
  const folder = await temporaryFolder();
  const port = await freePort();
  const data = join(folder.path, "gateway");
  const manifest = join(folder.path, "deployment.json");
  const running = new Set<ChildProcess>();
  await layDatabase(data);

  /** Runs the program, with `changes` to its environment. `ended` gives its exit code. */
  function run(parameters: string[] = [], changes: Record<string, string> = {}) {
    const own = { GATEWAY_DATA: data, GATEWAY_PORT: String(port), DEPLOYMENT: manifest, LOG_LEVEL: "silent" };
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", ...WITH_PARENT, MAIN, ...parameters],
      {
        env: { PATH: process.env["PATH"], ...own, ...changes },
        stdio: ["pipe", "pipe", "pipe"],
      },
    );
    running.add(child);
    const output = { text: "", errors: "" };
    child.stdout.on("data", (chunk: Buffer) => (output.text += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output.errors += chunk.toString()));
    const ended = once(child, "exit").then(([code]) => {
      running.delete(child);
      return code as number | null;
    });
    return { child, output, ended };
  }

  return {
    data,
    url: `http://127.0.0.1:${port}`,
    run,
    deploy: (deployment: Deployment) => writeFile(manifest, JSON.stringify(deployment)),
    /** Runs it and waits until it listens. @throws Error with what it said when it ends instead. */
    async start() {
      const started = run();
      await new Promise<void>((resolve, reject) => {
        started.child.stdout.on("data", () => started.output.text.includes('"ready":true') && resolve());
        void started.ended.then(() => reject(new Error(started.output.errors)));
      });
      return started;
    },
    async release() {
      for (const child of running) child.kill("SIGKILL");
      await folder.release();
    },
  };
}

/** See {@link gatewayProcesses}. */
export type GatewayProcesses = Awaited<ReturnType<typeof gatewayProcesses>>;
/** One that was started. */
export type RunningGateway = Awaited<ReturnType<GatewayProcesses["start"]>>;

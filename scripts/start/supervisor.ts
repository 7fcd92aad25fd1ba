/**
 * @module start/supervisor
 * Runs the servers as child processes: each with a log file, started again when it crashes, stopped in reverse order.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from "node:fs";
import { join } from "node:path";
import { ROOT, WITH_PARENT } from "../common/run.ts";

const MAX_LOG_BYTES = 5 * 1024 * 1024;
const STOP_MILLISECONDS = 8_000;
/** A server that lived shorter than this has failed to start. */
const SETTLED_MILLISECONDS = 10_000;
const MAX_FAILED_STARTS = 5;

/** One server to run. */
export type ServerSpec = {
  name: string;
  /** A script for Node, with its arguments. */
  command: readonly string[];
  environment?: Readonly<Record<string, string>>;
  /** Answers 200 once the server works. */
  healthUrl: string;
};

/** Supervises a set of servers. */
export type Supervisor = {
  /**
   * Starts a server and waits until it is healthy. From then on it is started again whenever it ends by itself.
   * @throws Error with the end of its log when it does not come up.
   */
  start(spec: ServerSpec): Promise<void>;
  /** Process ids by server name. */
  pids(): Record<string, number>;
  /** Stops all, the last started first. */
  stopAll(): Promise<void>;
};

type Running = { spec: ServerSpec; child: ChildProcess; log: WriteStream; tail: string[]; failures: number };

/**
 * A supervisor that writes logs to `logFolder`.
 * @param say - reports crashes and restarts.
 * @param giveUp - called when a server keeps crashing.
 */
export function createSupervisor(options: {
  logFolder: string;
  say: (text: string) => void;
  giveUp: (error: Error) => void;
}): Supervisor {
  const servers: Running[] = [];
  let stopping = false;
  mkdirSync(options.logFolder, { recursive: true });

  function launch(spec: ServerSpec, log: WriteStream, tail: string[]): ChildProcess {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...WITH_PARENT, ...spec.command], {
      cwd: ROOT,
      env: { ...process.env, ...spec.environment },
      stdio: ["pipe", "pipe", "pipe"],
      // Its own process group: Ctrl-C reaches this process alone, which then stops the servers in order.
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        log.write(chunk);
        tail.push(...chunk.toString().split("\n").filter(Boolean));
        tail.splice(0, tail.length - 20);
      });
    }
    child.on("error", (error) => tail.push(String(error)));
    return child;
  }

  function watch(server: Running): void {
    const startedAt = Date.now();
    server.child.once("close", (code, signal) => {
      if (stopping) return;
      server.failures = Date.now() - startedAt < SETTLED_MILLISECONDS ? server.failures + 1 : 0;
      const how = signal === null ? `code ${code}` : `signal ${signal}`;
      if (server.failures >= MAX_FAILED_STARTS) {
        return options.giveUp(failureOf(server, `keeps stopping (${how})`));
      }
      const delay = 500 * 2 ** server.failures;
      options.say(`${server.spec.name} stopped (${how}); starting it again`);
      setTimeout(() => {
        if (stopping) return;
        server.child = launch(server.spec, server.log, server.tail);
        watch(server);
      }, delay);
    });
  }

  async function waitUntilHealthy(server: Running): Promise<void> {
    const deadline = Date.now() + 90_000;
    while (!(await isHealthy(server.spec.healthUrl))) {
      if (server.child.exitCode !== null || server.child.signalCode !== null) throw failureOf(server, "did not start");
      if (Date.now() > deadline) throw failureOf(server, `does not answer at ${server.spec.healthUrl}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  function failureOf(server: Running, what: string): Error {
    const log = join(options.logFolder, `${server.spec.name}.log`);
    return new Error(`${server.spec.name} ${what}. The end of ${log}:\n  ${server.tail.slice(-12).join("\n  ")}`);
  }

  return {
    async start(spec) {
      const log = openLog(join(options.logFolder, `${spec.name}.log`));
      const tail: string[] = [];
      const server: Running = { spec, log, tail, failures: 0, child: launch(spec, log, tail) };
      servers.push(server);
      await waitUntilHealthy(server);
      watch(server);
    },
    pids: () => Object.fromEntries(servers.map(({ spec, child }) => [spec.name, child.pid ?? 0])),
    async stopAll() {
      stopping = true;
      for (const { child, log } of servers.toReversed()) {
        await stop(child);
        log.end();
      }
    },
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_MILLISECONDS);
  await closed;
  clearTimeout(force);
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** The log at `path`, appended to; a long one is put aside first. */
function openLog(path: string): WriteStream {
  try {
    if (statSync(path).size > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
  } catch {
    // no log yet
  }
  return createWriteStream(path, { flags: "a" });
}

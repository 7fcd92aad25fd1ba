/**
 * @module test/support/stack
 * The whole of Carekey for a test: the real start script on free ports and a folder of its own.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deploymentSchema, type Deployment } from "@carekey/sdk/deployment";
import { z } from "zod";
import { WITH_PARENT } from "../../scripts/common/run.ts";
import { layDatabase } from "./database.ts";

const START = join(import.meta.dirname, "../../scripts/start.ts");
const START_MILLISECONDS = 240_000;

const readySchema = z.object({
  ready: z.literal(true),
  appUrl: z.url(),
  gatewayUrl: z.url(),
  deployment: deploymentSchema,
  pids: z.record(z.string(), z.int()),
});

/** A running stack. */
export type Stack = {
  appUrl: string;
  gatewayUrl: string;
  deployment: Deployment;
  /** Process ids of chain, keeper-1, keeper-2, keeper-3 and gateway, as they were when the stack came up. */
  pids: Record<string, number>;
  /** The start script itself. */
  process: ChildProcess;
  /** Where the stack keeps its data. */
  data: string;
  /** Stops it gracefully and removes its data, unless `keepData`. */
  stop(options?: { keepData?: boolean }): Promise<void>;
  /** Kills the start script as a crash would, and waits until it is gone. */
  kill(): Promise<void>;
};

/** Ports of a stack; `keeper` is the first of three. */
export type StackPorts = { app: number; chain: number; keeper: number };

function portArguments(ports: StackPorts | undefined): string[] {
  if (ports === undefined) return ["--ports", "free"];
  return (["app", "chain", "keeper"] as const).flatMap((name) => [`--${name}-port`, String(ports[name])]);
}

/**
 * Starts the stack and resolves once every part is healthy (and the demo clinic set up, if `seed`).
 * @param options - `data`: goes on with the data of an earlier stack, default a new temporary folder; `app`: serves the
 * built app, too, built first if it is stale; `args`: more options for the start script;
 * `ports`: fixed ones (keepers take three in a row), so that a later start is found where the earlier one was; default free ones;
 * `fromNothing`: the gateway makes its database itself, as on a person's first start.
 * @throws Error with what the start script said when it does not come up.
 */
export async function startStack(
  options: {
    seed?: boolean;
    app?: boolean;
    data?: string;
    args?: readonly string[];
    ports?: StackPorts;
    fromNothing?: boolean;
  } = {},
): Promise<Stack> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), "carekey-stack-"));
  if (options.data === undefined && options.fromNothing !== true) await layDatabase(join(data, "gateway"));
  const args = ["--json", ...portArguments(options.ports), "--data", data, ...(options.args ?? [])];
  if (options.seed !== true) args.push("--no-seed");
  if (options.app !== true) args.push("--no-build");
  // A test run that ends in the middle, even by a signal, must not leave a stack behind.
  const child = spawn(process.execPath, [...WITH_PARENT, START, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));

  const finish = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  const deadline = Date.now() + START_MILLISECONDS;
  while (!output.includes("\n")) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the stack did not start:\n${errors}`);
    if (Date.now() > deadline) {
      await finish("SIGTERM");
      throw new Error(`the stack did not start in ${START_MILLISECONDS / 1000} s:\n${errors}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const ready = readySchema.parse(JSON.parse(output));
  return {
    ...ready,
    data,
    process: child,
    stop: async ({ keepData = false } = {}) => {
      await finish("SIGTERM");
      if (!keepData) rmSync(data, { recursive: true, force: true });
    },
    kill: () => finish("SIGKILL"),
  };
}

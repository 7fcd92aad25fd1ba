/**
 * @module start/options
 * What `npm start -- …` and the environment can say.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { freePort, isPortFree } from "../common/ports.ts";

/** How many keepers run, and how many of them must answer a view. */
export const KEEPER_COUNT = 3;
/** t of {@link KEEPER_COUNT}. */
export const KEEPER_THRESHOLD = 2;

/** The help text. */
export const USAGE = `npm start -- [options]

  --fresh             begin anew: forget the chain, the files, the keepers and the gateway's data
  --data DIR          where everything is kept                     (.data, or CAREKEY_DATA)
  --chain-port N      local chain                                  (8545, or CHAIN_PORT)
  --app-port N        app and gateway                              (3000, or APP_PORT)
  --keeper-port N     first of ${KEEPER_COUNT} keepers, the others follow         (3101, or KEEPER_PORT)
  --ports free        take any free ports
  --no-seed           do not set up the demo clinic
  --no-build          take the app as it was built last
  --dev               serve the app by Vite, with hot reload       (port 5173)
  --json              print one JSON line when all is up, progress to standard error
  --help
`;

/** Parsed options. */
export type StartOptions = {
  fresh: boolean;
  data: string;
  seed: boolean;
  build: boolean;
  dev: boolean;
  json: boolean;
  help: boolean;
  freePorts: boolean;
  ports: Ports;
};

/** The ports of the local stack. */
export type Ports = { chain: number; app: number; keepers: number[]; vite: number };

/** A mistake of the person at the command line: printed without a stack trace. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Parses the command line.
 * @throws UsageError
 */
export function parseOptions(argv: readonly string[], environment: NodeJS.ProcessEnv): StartOptions {
  const { values } = parse(argv);
  const port = (option: "chain-port" | "app-port" | "keeper-port", variable: string, fallback: number): number => {
    const text = values[option] ?? environment[variable];
    const number = Number(text ?? fallback);
    if (Number.isInteger(number) && number > 0 && number < 65536) return number;
    throw new UsageError(`--${option}: ${text} is not a port`);
  };
  if (values.ports !== undefined && values.ports !== "free") throw new UsageError("--ports takes only: free");
  const firstKeeper = port("keeper-port", "KEEPER_PORT", 3101);
  return {
    fresh: values.fresh,
    data: resolve(values.data ?? environment["CAREKEY_DATA"] ?? ".data"),
    seed: !values["no-seed"],
    build: !values["no-build"] && !values.dev,
    dev: values.dev,
    json: values.json,
    help: values.help,
    freePorts: values.ports === "free",
    ports: {
      chain: port("chain-port", "CHAIN_PORT", 8545),
      app: port("app-port", "APP_PORT", 3000),
      keepers: Array.from({ length: KEEPER_COUNT }, (_, index) => firstKeeper + index),
      vite: 5173,
    },
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        fresh: { type: "boolean", default: false },
        data: { type: "string" },
        "no-seed": { type: "boolean", default: false },
        "no-build": { type: "boolean", default: false },
        dev: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
        ports: { type: "string" },
        "chain-port": { type: "string" },
        "app-port": { type: "string" },
        "keeper-port": { type: "string" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * The ports to use: the wanted ones if all are free, or any free ones when the options say so.
 * @param patience - milliseconds to wait for a busy port: servers of a killed start take a moment to stop.
 * @throws UsageError naming the busy port and the option that changes it.
 */
export async function choosePorts(options: StartOptions, localChain: boolean, patience: number): Promise<Ports> {
  const { ports } = options;
  if (options.freePorts) {
    const [chain = 0, app = 0, vite = 0, ...keepers] = await freePorts(KEEPER_COUNT + 3);
    return { chain, app, vite, keepers };
  }
  const wanted: [port: number, what: string, option: string][] = [
    [ports.app, "the app and gateway", "--app-port"],
    ...ports.keepers.map((port, index): [number, string, string] => [port, `keeper ${index + 1}`, "--keeper-port"]),
  ];
  if (localChain) wanted.unshift([ports.chain, "the local chain", "--chain-port"]);
  if (options.dev) wanted.push([ports.vite, "Vite", "--ports free"]);
  const deadline = Date.now() + patience;
  for (const [port, what, option] of wanted) {
    while (!(await isPortFree(port))) {
      if (Date.now() >= deadline) {
        const hint = option.startsWith("--ports") ? option : `${option} N, or --ports free`;
        throw new UsageError(
          `Port ${port}, wanted for ${what}, is in use by another program. Choose another: npm start -- ${hint}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  return ports;
}

async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) found.add(await freePort());
  return [...found];
}

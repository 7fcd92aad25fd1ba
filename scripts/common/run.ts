/**
 * @module common/run
 * Runs a tool of this repository to its end, as a child process under the same Node.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The repository's root folder. */
export const ROOT = join(import.meta.dirname, "../..");

/** How a tool ended. */
export type Finished = { code: number; output: string };

/** Arguments for Node with which a child ends when the other end of its standard input does. */
export const WITH_PARENT: readonly string[] = [
  "--import",
  pathToFileURL(join(import.meta.dirname, "parent-watch.ts")).href,
];

/**
 * Runs `node …args` in the repository's root and collects what it prints. It ends with this process, however that ends.
 * @param options - `onLine`: gets each line as it comes; `environment`: added to this process's own.
 */
export function runNode(
  args: readonly string[],
  options: { onLine?: (line: string) => void; environment?: Readonly<Record<string, string>> } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...WITH_PARENT, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...options.environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let output = "";
    let rest = "";
    const take = (chunk: Buffer): void => {
      const text = chunk.toString();
      output += text;
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) options.onLine?.(line);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("error", reject);
    child.once("close", (code) => {
      if (rest !== "") options.onLine?.(rest);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** The entry file of an installed command-line tool, to be run by {@link runNode}. */
export function tool(name: keyof typeof TOOLS): string {
  return join(ROOT, "node_modules", TOOLS[name]);
}

const TOOLS = {
  hardhat: "hardhat/dist/src/cli.js",
  vite: "vite/bin/vite.js",
  mocha: "mocha/bin/mocha.js",
  eslint: "eslint/bin/eslint.js",
  prettier: "prettier/bin/prettier.cjs",
  solhint: "solhint/solhint.js",
  tsc: "typescript/bin/tsc",
} as const;

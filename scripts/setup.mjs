/**
 * Installs what is missing, so that `npm start` or `npm test` may be the very first command on a fresh clone.
 *
 * Plain JavaScript without dependencies, because it runs before anything is installed and under whatever Node the
 * machine has. Everything else runs under the Node 24 that the dev dependency `node` brings along.
 *
 *   node scripts/setup.mjs                 (npm's pre… scripts) install when node_modules is missing or out of date
 *   node scripts/setup.mjs --postinstall   (npm's postinstall)  repeat the install under Node 24 when npm ran on an
 *                                          older one: npm leaves out optional platform packages whose `engines` ask
 *                                          for more than the Node it runs on, and Hardhat does not start without them
 */
import { spawn } from "node:child_process";
import { existsSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The oldest Node that Hardhat, and so npm's choice of platform packages, is happy with. */
const NEEDED = [22, 13];
const OLDEST = 20;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const hiddenLock = join(modules, ".package-lock.json");
const bundledNode = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");
const npmFlags = ["--no-audit", "--no-fund", "--no-save", "--loglevel=warn"];

/** The version [major, minor] of the Node that npm runs on. Inside lifecycle scripts `node` may already be another. */
function nodeOfNpm() {
  const version =
    /\bnode\/v(\d+)\.(\d+)/.exec(process.env.npm_config_user_agent ?? "") ?? /^v(\d+)\.(\d+)/.exec(process.version);
  return [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)];
}

function isOlder([major, minor], [neededMajor, neededMinor]) {
  return major < neededMajor || (major === neededMajor && minor < neededMinor);
}

/** What the install lacks, as a phrase; undefined when it is complete and not older than the lock file. */
function missing() {
  if (!existsSync(hiddenLock)) return "dependencies are not installed yet";
  if (statSync(hiddenLock).mtimeMs < statSync(join(root, "package-lock.json")).mtimeMs)
    return "the lock file has changed";
  if (!existsSync(bundledNode)) return "the bundled Node 24 is missing";
  const edr = {
    linux: `linux-${process.arch}-gnu`,
    darwin: `darwin-${process.arch}`,
    win32: `win32-${process.arch}-msvc`,
  };
  const names = [edr[process.platform], process.platform === "linux" ? `linux-${process.arch}-musl` : undefined];
  const found = names.some(
    (name) => name !== undefined && existsSync(join(modules, "@nomicfoundation", `edr-${name}`)),
  );
  return found ? undefined : "Hardhat's engine for this platform is missing";
}

/** Why an install failed, in words a person can act on. */
function explain(output) {
  if (/ENOSPC/.test(output)) return "The disk is full. The install needs about 1.5 GB. Free some space and try again.";
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/.test(output))
    return "The package registry could not be reached. Check the network (and `npm config get proxy`), then try again.";
  if (/EACCES|EPERM/.test(output)) return `No permission to write in ${modules}. Who owns that folder?`;
  return "npm could not install the dependencies; its last words are above.";
}

/** Runs npm with `args` and a progress line every ten seconds; exits this process with an explanation when it fails. */
async function npm(node, args, label, environment = {}) {
  const command = process.env.npm_execpath === undefined ? "npm" : node;
  const script = process.env.npm_execpath === undefined ? [] : [process.env.npm_execpath];
  const startedAt = Date.now();
  const say = (text) => process.stderr.write(`setup: ${text}\n`);
  say(`${label} …`);
  const child = spawn(command, [...script, ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    shell: command === "npm" && process.platform === "win32",
  });
  let output = "";
  const keep = (chunk) => (output = (output + chunk).slice(-20_000));
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const ticker = setInterval(() => say(`still installing, ${Math.round((Date.now() - startedAt) / 1000)} s`), 10_000);
  const code = await new Promise((resolve) => {
    child.on("error", (error) => {
      keep(String(error));
      resolve(1);
    });
    child.on("close", resolve);
  });
  clearInterval(ticker);
  if (code !== 0) {
    process.stderr.write(`${output.split("\n").slice(-25).join("\n")}\n`);
    say(explain(output));
    process.exit(1);
  }
  say(`done in ${Math.round((Date.now() - startedAt) / 1000)} s`);
}

/** Marks the install as newer than the lock file: npm does not touch the marker when it has nothing to change. */
function touch() {
  if (existsSync(hiddenLock)) utimesSync(hiddenLock, new Date(), new Date());
}

async function postinstall() {
  if (process.env.CAREKEY_SETUP === "repeat") return;
  if (existsSync(bundledNode) && isOlder(nodeOfNpm(), NEEDED) && process.env.npm_execpath !== undefined) {
    const args = ["install", "--ignore-scripts", ...npmFlags];
    await npm(bundledNode, args, "adding the platform packages that need a newer Node", { CAREKEY_SETUP: "repeat" });
  }
  touch();
}

async function ensure() {
  const lack = missing();
  if (lack === undefined) return;
  if (nodeOfNpm()[0] < OLDEST) {
    process.stderr.write(`setup: Node ${OLDEST} or newer is needed to install; this is ${process.version}.\n`);
    process.exit(1);
  }
  await npm(process.execPath, ["install", ...npmFlags], `${lack}; installing (about three minutes the first time)`);
  // An earlier install without scripts leaves `node` unpacked but without its binary.
  if (!existsSync(bundledNode)) await npm(process.execPath, ["rebuild", "node"], "fetching the bundled Node 24");
  touch();
  const stillLacking = missing();
  if (stillLacking !== undefined) {
    process.stderr.write(`setup: ${stillLacking} even after an install. Remove node_modules and try again.\n`);
    process.exit(1);
  }
}

await (process.argv.includes("--postinstall") ? postinstall() : ensure());

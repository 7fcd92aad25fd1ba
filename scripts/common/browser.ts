/**
 * @module common/browser
 * A Chromium for the end-to-end tests: CHROMIUM_PATH, else the one inside a development dependency, else the system's.
 */
import { execFileSync } from "node:child_process";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { chromium, type Browser } from "playwright-core";

const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
];
const PACKED = join(import.meta.dirname, "../../node_modules/@sparticuz/chromium/bin");

/** A browser's binary, and the folder of shared libraries it needs on top of the system's. */
export type Chromium = { path: string; libraries?: string };

/**
 * Finds a Chromium, unpacking the packed one on its first use.
 * @throws Error when there is none for this platform.
 */
export async function findChromium(environment: NodeJS.ProcessEnv = process.env): Promise<Chromium> {
  const wanted = environment["CHROMIUM_PATH"];
  if (wanted !== undefined && wanted !== "") {
    if (existsSync(wanted)) return { path: wanted };
    throw new Error(`CHROMIUM_PATH names ${wanted}, which does not exist`);
  }
  if (process.platform === "linux" && process.arch === "x64" && existsSync(PACKED)) return unpack();
  const installed = SYSTEM.find((path) => existsSync(path));
  if (installed !== undefined) return { path: installed };
  throw new Error("no Chromium found: install one, or name it in CHROMIUM_PATH");
}

/** Only the packed binary and libraries are used: the package's own arguments would switch web security off. */
async function unpack(): Promise<Chromium> {
  const folder = join(tmpdir(), `carekey-chromium-${process.getuid?.() ?? 0}-147`);
  const path = join(folder, "chromium");
  if (!existsSync(path)) {
    const fresh = mkdtempSync(`${folder}-`);
    const inflate = (name: string, target: string, mode: number): Promise<void> =>
      pipeline(createReadStream(join(PACKED, name)), createBrotliDecompress(), createWriteStream(target, { mode }));
    for (const name of ["swiftshader", "fonts", "al2023"]) {
      const archive = join(fresh, `${name}.tar`);
      const target = name === "swiftshader" ? fresh : join(fresh, name);
      mkdirSync(target, { recursive: true });
      await inflate(`${name}.tar.br`, archive, 0o600);
      execFileSync("tar", ["-xf", archive, "-C", target]);
      rmSync(archive);
    }
    writeFileSync(
      join(fresh, "fonts.conf"),
      `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${folder}/fonts</dir><dir>/usr/share/fonts</dir></fontconfig>`,
    );
    await inflate("chromium.br", join(fresh, "chromium"), 0o700);
    try {
      renameSync(fresh, folder);
    } catch {
      // Another test process was faster: its copy is as good.
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  return missesLibraries(path) ? { path, libraries: join(folder, "al2023/lib") } : { path };
}

function missesLibraries(path: string): boolean {
  try {
    return execFileSync("ldd", [path], { encoding: "utf8" }).includes("not found");
  } catch {
    return true;
  }
}

/** Starts a headless browser; web security and site isolation stay on, so that security tests can fail. */
export async function launchBrowser(): Promise<Browser> {
  const { path, libraries } = await findChromium();
  const environment = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const fonts = join(dirname(path), "fonts.conf");
  return chromium.launch({
    executablePath: path,
    headless: true,
    // As root, Chromium's own sandbox does not start.
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-dev-shm-usage",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
    env: {
      ...environment,
      ...(libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries }),
      ...(existsSync(fonts) ? { FONTCONFIG_FILE: fonts } : {}),
    },
  });
}

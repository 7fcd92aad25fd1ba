/**
 * @module common/lock
 * One process per data folder: a lock file that names its holder and that a crash cannot leave stuck.
 */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";

/** A held lock; `takenOver` when its last holder had ended without releasing it. */
export type Lock = { takenOver: boolean; release(): void };

/** The folder is in use by a living process. */
export class LockedError extends Error {
  readonly directory: string;
  readonly pid: number;

  constructor(directory: string, pid: number, what: string) {
    super(
      `${directory} is in use: ${what} runs there already (process ${pid}). Stop it, or choose another with --data DIR.`,
    );
    this.name = "LockedError";
    this.directory = directory;
    this.pid = pid;
  }
}

/**
 * Takes the lock of `directory` (made if missing) for this process; a lock of a process that is gone is taken over.
 * @param what - names the holder in the error, for instance "Carekey".
 * @throws LockedError
 */
export function lockDirectory(directory: string, what: string): Lock {
  mkdirSync(directory, { recursive: true });
  const path = join(resolve(directory), "lock");
  for (let takenOver = false; ; takenOver = true) {
    try {
      const file = openSync(path, "wx");
      writeSync(file, `${process.pid} ${startOf(process.pid) ?? ""}\n`);
      closeSync(file);
      return { takenOver, release: () => rmSync(path, { force: true }) };
    } catch (error) {
      if (!isExisting(error)) throw error;
    }
    const [pid = 0, start = ""] = readHolder(path);
    if (pid !== process.pid && isAlive(pid) && (start === "" || startOf(pid) === start)) {
      throw new LockedError(resolve(directory), pid, what);
    }
    rmSync(path, { force: true });
  }
}

function readHolder(path: string): [pid: number, start: string] {
  try {
    const [pid, start] = readFileSync(path, "utf8").trim().split(" ");
    return [Number(pid), start ?? ""];
  } catch {
    return [0, ""];
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** When a process started, in clock ticks since boot: tells a reused process id from the holder. Linux only. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}

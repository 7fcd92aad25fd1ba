/**
 * @module chain/journal
 * The append-only file behind the local chain: one JSON line per write, on disk before the write is acknowledged.
 * Line 1 is the header; replaying the lines in order gives the same blocks, hash for hash.
 */
import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

const hex = z.string().regex(/^0x[0-9a-f]*$/);

const headerSchema = z.strictObject({
  carekeyChain: z.literal(1),
  chainId: z.int().positive(),
  /** Time of the genesis block. Without it no hash could come out the same. */
  initialDate: z.iso.datetime(),
  /** The Hardhat version that wrote the journal: another one may compute other blocks. */
  hardhat: z.string(),
});

const blockSchema = z.strictObject({
  number: z.int().positive(),
  /** Seconds. */
  timestamp: z.int().positive(),
  mixHash: hex,
  hash: hex,
});

const entrySchema = z.union([
  /** A raw transaction, and the block it went into; none when it waits for an earlier nonce. */
  z.strictObject({ transaction: hex, block: blockSchema.optional() }),
  /** A block mined on request, or to keep the chain's clock near the wall clock. */
  z.strictObject({ block: blockSchema }),
  /** A development method that changes state, for instance hardhat_setBalance. */
  z.strictObject({ method: z.string(), params: z.array(z.unknown()) }),
  /** The chain's clock was moved: seconds ahead of the wall clock, and the time wanted for the next block, if any. */
  z.strictObject({ clock: z.strictObject({ offset: z.int(), next: z.int().nullable() }) }),
]);

/** The first line of a journal. */
export type JournalHeader = z.output<typeof headerSchema>;
/** What it takes to mine one block again, and its hash to check it by. */
export type JournalBlock = z.output<typeof blockSchema>;
/** One line of a journal. */
export type JournalEntry = z.output<typeof entrySchema>;

/** A journal that cannot be used. The message names the file and the line. */
export class JournalError extends Error {
  /** Number of the offending line, from 1. */
  readonly line: number;

  constructor(path: string, line: number, problem: string) {
    super(`${path}, line ${line}: ${problem}`);
    this.name = "JournalError";
    this.line = line;
  }
}

/** An open journal. */
export type Journal = {
  path: string;
  header: JournalHeader;
  /** What was in the file when it was opened, without a torn last line. */
  entries: readonly JournalEntry[];
  /** Bytes of a last line that a crash cut short and that were dropped: it was never acknowledged. */
  tornBytes: number;
  /** Writes one line and returns once it is on disk. */
  append(entry: JournalEntry): void;
  close(): void;
};

/**
 * Opens the journal at `path`, or begins it with `header`.
 * @throws JournalError when a line other than a torn last one does not parse.
 */
export function openJournal(path: string, header: JournalHeader): Journal {
  mkdirSync(dirname(path), { recursive: true });
  const stored = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const end = stored.lastIndexOf(0x0a) + 1;
  const lines = stored.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
  const [first, ...rest] = lines;
  const parsed = {
    header: first === undefined ? header : parseLine(path, 1, first, headerSchema),
    entries: rest.map((line, index) => parseLine(path, index + 2, line, entrySchema)),
  };

  const file = openSync(path, existsSync(path) ? "r+" : "w+");
  ftruncateSync(file, end);
  let position = end;
  const write = (value: unknown): void => {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    for (let written = 0; written < line.length;) {
      const count = writeSync(file, line, written, line.length - written, position);
      written += count;
      position += count;
    }
    fsyncSync(file);
  };
  if (first === undefined) {
    write(header);
    syncDirectory(dirname(path));
  }
  return { path, ...parsed, tornBytes: stored.length - end, append: write, close: () => closeSync(file) };
}

function parseLine<T>(path: string, line: number, text: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new JournalError(path, line, "is damaged: not JSON");
  }
  const result = schema.safeParse(json);
  if (!result.success) throw new JournalError(path, line, "is damaged: not a line this version writes");
  return result.data;
}

/** Makes a new file's name durable, too. */
function syncDirectory(path: string): void {
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/**
 * @module services/keeper/adapters/store
 * The keeper's state in one SQLite file (node:sqlite): write-ahead log, synchronous FULL, one process at a time. Shares are stored
 * sealed, as the patient sent them.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { fromHex, toHex, type Address, type Hex } from "@carekey/sdk/bytes";
import { decodeCbor, encodeCbor } from "@carekey/sdk/cbor";
import { SdkError } from "@carekey/sdk/errors";
import {
  appendLeaf,
  decodeDeal,
  encodeDeal,
  MAX_COUNTED_VIEWS,
  OPENING_SECONDS,
  proveConsistency,
  proveInclusion,
  receiptFromArray,
  receiptToArray,
  rootOf,
  viewNoticeId,
  type DealBody,
  type Receipt,
  type SubtreeReader,
} from "@carekey/sdk/keeper";
import type { ReleaseDraft, ReleaseOutcome, Store } from "../ports.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS deals (
  patient BLOB NOT NULL, version INTEGER NOT NULL, status TEXT NOT NULL CHECK (status IN ('pending', 'active', 'previous')),
  changed_at INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (patient, status)) STRICT;
CREATE TABLE IF NOT EXISTS generations (
  patient BLOB NOT NULL, generation INTEGER NOT NULL, commitment BLOB NOT NULL, PRIMARY KEY (patient, generation)) STRICT;
CREATE TABLE IF NOT EXISTS versions (patient BLOB PRIMARY KEY, newest INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS receipts (
  seq INTEGER PRIMARY KEY, leaf BLOB NOT NULL, patient BLOB NOT NULL, consent_id BLOB NOT NULL, body_hash BLOB NOT NULL,
  nonce BLOB NOT NULL, receipt BLOB NOT NULL, sealed_reason BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS receipts_body ON receipts (body_hash);
CREATE UNIQUE INDEX IF NOT EXISTS receipts_nonce ON receipts (patient, consent_id, nonce);
CREATE INDEX IF NOT EXISTS receipts_patient ON receipts (patient, seq);
CREATE TABLE IF NOT EXISTS openings (
  patient BLOB NOT NULL, consent_id BLOB NOT NULL, view_no INTEGER NOT NULL, record_id BLOB NOT NULL,
  opened_at INTEGER NOT NULL, PRIMARY KEY (patient, consent_id, view_no)) STRICT;
CREATE TABLE IF NOT EXISTS subtrees (
  level INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, position)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS revoked (
  patient BLOB NOT NULL, consent_id BLOB NOT NULL, seen_at INTEGER NOT NULL, PRIMARY KEY (patient, consent_id)) STRICT;
CREATE TABLE IF NOT EXISTS revoked_before (patient BLOB PRIMARY KEY, signed_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS ended_sessions (key BLOB PRIMARY KEY, not_after INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS kept_sessions (owner BLOB PRIMARY KEY, key BLOB NOT NULL, not_after INTEGER NOT NULL) STRICT;
`;
const ZERO_LEAF: Hex = `0x${"00".repeat(32)}`;
const NO_SIGNATURE: Hex = "0x";

/**
 * Opens the store, creating it when new.
 * @param path - the database file.
 * @param keeper - whose store it is; a store of another keeper is refused.
 * @throws SdkError CONFLICT when another process holds it or it belongs to another keeper.
 */
export function openStore(path: string, keeper: Address): Store {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // EXCLUSIVE makes a second process fail at its first read, instead of two keepers writing one log.
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    database.exec("BEGIN EXCLUSIVE");
    database.exec(SCHEMA);
    database.exec("COMMIT");
  } catch (cause) {
    database.close();
    throw new SdkError("CONFLICT", "the keeper's store is in use by another process or cannot be opened", { cause });
  }
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  const row = (sql: string, ...values: SQLInputValue[]) => prepared(sql).get(...values);
  const rows = (sql: string, ...values: SQLInputValue[]) => prepared(sql).all(...values);
  const run = (sql: string, ...values: SQLInputValue[]) => prepared(sql).run(...values);

  function transaction<Result>(act: () => Result): Result {
    database.exec("BEGIN IMMEDIATE");
    try {
      const result = act();
      database.exec("COMMIT");
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }

  function meta(key: string, initial: string): string {
    run("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING", key, initial);
    return textOf(row("SELECT value FROM meta WHERE key = ?", key)?.value);
  }

  if (meta("keeper", keeper.toLowerCase()) !== keeper.toLowerCase()) {
    database.close();
    throw new SdkError("CONFLICT", "the store belongs to another keeper");
  }
  const logGeneration = Number(meta("log-generation", "1"));

  const subtree: SubtreeReader = (level, index) =>
    bytesOf(row("SELECT hash FROM subtrees WHERE level = ? AND position = ?", level, index)?.hash);
  const logSize = (): number => numberOf(row("SELECT coalesce(max(seq), 0) AS size FROM receipts")?.size);
  // What was logged before there were notices is not told any more.
  meta("told", String(logSize()));

  function dealWith(patient: Address, status: string): { body: DealBody; changedAt: number } | null {
    const found = row("SELECT body, changed_at FROM deals WHERE patient = ? AND status = ?", fromHex(patient), status);
    return found === undefined
      ? null
      : { body: decodeDeal(bytesOf(found.body)), changedAt: numberOf(found.changed_at) };
  }

  function logRelease(draft: ReleaseDraft, hash: (receipt: Receipt) => Hex): ReleaseOutcome {
    const { consentId, patient, viewNo, recordId, bodyHash, issuedAt } = draft.receipt;
    const [id, owner, record] = [fromHex(consentId), fromHex(patient), fromHex(recordId)];
    const repeated = row("SELECT receipt, leaf FROM receipts WHERE body_hash = ?", fromHex(bodyHash));
    if (repeated !== undefined) {
      return {
        kind: "logged",
        receipt: decodeReceipt(repeated.receipt),
        leaf: toHex(bytesOf(repeated.leaf)),
        isRepeated: true,
      };
    }
    if (
      row("SELECT 1 FROM receipts WHERE patient = ? AND consent_id = ? AND nonce = ?", owner, id, fromHex(draft.nonce))
    ) {
      return { kind: "nonce-used" };
    }
    if (draft.maxViews > 0) {
      const sql = "SELECT record_id, opened_at FROM openings WHERE patient = ? AND consent_id = ? AND view_no = ?";
      const used = row(sql, owner, id, viewNo);
      if (used === undefined) run("INSERT INTO openings VALUES (?, ?, ?, ?, ?)", owner, id, viewNo, record, issuedAt);
      else if (toHex(bytesOf(used.record_id)) !== recordId) return { kind: "view-number-used" };
      else if (issuedAt >= numberOf(used.opened_at) + OPENING_SECONDS) return { kind: "opening-over" };
    }
    const size = logSize();
    const last = row("SELECT leaf FROM receipts WHERE seq = ?", size);
    const receipt: Receipt = {
      ...draft.receipt,
      logGeneration,
      seq: size + 1,
      previousLeaf: last === undefined ? ZERO_LEAF : toHex(bytesOf(last.leaf)),
    };
    const leaf = hash(receipt);
    run(
      "INSERT INTO receipts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      receipt.seq,
      fromHex(leaf),
      owner,
      id,
      fromHex(bodyHash),
      fromHex(draft.nonce),
      encodeCbor(receiptToArray({ receipt, signature: NO_SIGNATURE })),
      draft.sealedReason,
    );
    for (const { level, index, hash: node } of appendLeaf(size, fromHex(leaf), subtree)) {
      run("INSERT INTO subtrees VALUES (?, ?, ?)", level, index, node);
    }
    return { kind: "logged", receipt, leaf, isRepeated: false };
  }

  return {
    dealsOf: (patient) => {
      const active = dealWith(patient, "active");
      const previous = dealWith(patient, "previous");
      const pending = dealWith(patient, "pending");
      return {
        active: active?.body ?? null,
        previous: previous && { body: previous.body, replacedAt: previous.changedAt },
        pending: pending && { body: pending.body, storedAt: pending.changedAt },
      };
    },
    newestVersion: (patient) =>
      numberOf(row("SELECT newest FROM versions WHERE patient = ?", fromHex(patient))?.newest ?? 0),
    commitmentOf: (patient, generation) => {
      const sql = "SELECT commitment FROM generations WHERE patient = ? AND generation = ?";
      const found = row(sql, fromHex(patient), generation);
      return found === undefined ? null : toHex(bytesOf(found.commitment));
    },
    savePending: (body, storedAt) =>
      transaction(() => {
        const { patient, version, generation } = body.deal;
        const owner = fromHex(patient);
        run("INSERT OR REPLACE INTO deals VALUES (?, ?, 'pending', ?, ?)", owner, version, storedAt, encodeDeal(body));
        run("INSERT INTO generations VALUES (?, ?, ?) ON CONFLICT DO NOTHING", owner, generation, body.commitments[0]!);
        run("INSERT OR REPLACE INTO versions VALUES (?, ?)", owner, version);
      }),
    activatePending: (patient, version, now) =>
      transaction(() => {
        const owner = fromHex(patient);
        const found = row("SELECT version FROM deals WHERE patient = ? AND status = 'pending'", owner);
        if (found?.version !== version) throw new SdkError("CONFLICT", "no such pending deal");
        if (row("SELECT 1 FROM deals WHERE patient = ? AND status = 'active'", owner) !== undefined) {
          run("DELETE FROM deals WHERE patient = ? AND status = 'previous'", owner);
          run(
            "UPDATE deals SET status = 'previous', changed_at = ? WHERE patient = ? AND status = 'active'",
            now,
            owner,
          );
        }
        run("UPDATE deals SET status = 'active', changed_at = ? WHERE patient = ? AND status = 'pending'", now, owner);
      }),
    isRevoked: (patient, consentId) =>
      row("SELECT 1 FROM revoked WHERE patient = ? AND consent_id = ?", fromHex(patient), fromHex(consentId)) !==
      undefined,
    markRevoked: (patient, consentId, seenAt) => {
      run("INSERT INTO revoked VALUES (?, ?, ?) ON CONFLICT DO NOTHING", fromHex(patient), fromHex(consentId), seenAt);
    },
    revokedBefore: (patient) =>
      numberOf(row("SELECT signed_at FROM revoked_before WHERE patient = ?", fromHex(patient))?.signed_at ?? 0),
    raiseRevokedBefore: (patient, signedAt) => {
      const sql =
        "INSERT INTO revoked_before VALUES (?, ?) ON CONFLICT DO UPDATE SET signed_at = max(signed_at, excluded.signed_at)";
      run(sql, fromHex(patient), signedAt);
    },
    isSessionEnded: ({ owner, key, notAfter }) => {
      if (row("SELECT 1 FROM ended_sessions WHERE key = ?", fromHex(key)) !== undefined) return true;
      const sql = "SELECT 1 FROM kept_sessions WHERE owner = ? AND key <> ? AND not_after >= ?";
      return row(sql, fromHex(owner), fromHex(key), notAfter) !== undefined;
    },
    endSession: (key, notAfter) => {
      run("INSERT INTO ended_sessions VALUES (?, ?) ON CONFLICT DO NOTHING", fromHex(key), notAfter);
    },
    endOtherSessions: ({ owner, key, notAfter }) => {
      const sql =
        "INSERT INTO kept_sessions VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET key = excluded.key, not_after = excluded.not_after";
      run(sql, fromHex(owner), fromHex(key), notAfter);
    },
    logRelease: (draft, hash) => transaction(() => logRelease(draft, hash)),
    openingsOf: (patient, consentId) => {
      const sql =
        "SELECT view_no, record_id, opened_at FROM openings WHERE patient = ? AND consent_id = ? ORDER BY view_no LIMIT ?";
      return rows(sql, fromHex(patient), fromHex(consentId), MAX_COUNTED_VIEWS).map((opening) => ({
        viewNo: numberOf(opening.view_no),
        recordId: toHex(bytesOf(opening.record_id)),
        openedAt: numberOf(opening.opened_at),
      }));
    },
    receiptsOf: (patient, after, limit) => {
      const sql =
        "SELECT receipt, nonce, sealed_reason, seq FROM receipts WHERE patient = ? AND seq > ? ORDER BY seq LIMIT ?";
      const found = rows(sql, fromHex(patient), after, limit + 1);
      const size = logSize();
      const receipts = found.slice(0, limit).map((stored) => ({
        receipt: decodeReceipt(stored.receipt),
        nonce: toHex(bytesOf(stored.nonce)),
        sealedReason: bytesOf(stored.sealed_reason),
        proof: proveInclusion(numberOf(stored.seq) - 1, size, subtree),
      }));
      return { receipts, more: found.length > limit };
    },
    untold: (limit) => {
      const told = Number(textOf(row("SELECT value FROM meta WHERE key = 'told'")?.value));
      const found = rows("SELECT seq, nonce, receipt FROM receipts WHERE seq > ? ORDER BY seq LIMIT ?", told, limit);
      const views = found.map(({ nonce, receipt }) => {
        const { patient, issuedAt } = decodeReceipt(receipt);
        return { patient, id: viewNoticeId(toHex(bytesOf(nonce))), at: issuedAt };
      });
      return { views, upTo: numberOf(found.at(-1)?.seq ?? told) };
    },
    markTold: (upTo) => {
      run("UPDATE meta SET value = ? WHERE key = 'told'", String(upTo));
    },
    logHead: () => {
      const size = logSize();
      return { logGeneration, size, root: toHex(rootOf(size, subtree)) };
    },
    consistency: (oldSize, newSize) => {
      if (newSize > logSize()) throw new SdkError("INVALID_ARGUMENT", "the log is not that long");
      return proveConsistency(oldSize, newSize, subtree);
    },
    close: () => database.close(),
  };
}

/** A receipt of any kind; the array is the one that travels. */
function decodeReceipt(value: unknown): Receipt {
  return receiptFromArray(decodeCbor(bytesOf(value))).receipt;
}

function bytesOf(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new SdkError("INTERNAL", "the store lost a value");
  return new Uint8Array(value);
}

function numberOf(value: unknown): number {
  if (typeof value !== "number") throw new SdkError("INTERNAL", "the store lost a number");
  return value;
}

function textOf(value: unknown): string {
  if (typeof value !== "string") throw new SdkError("INTERNAL", "the store lost a text");
  return value;
}

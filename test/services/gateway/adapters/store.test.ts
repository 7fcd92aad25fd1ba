/**
 * @module test/services/gateway/adapters/store
 * The store's promises under races and restarts, the same over the embedded database and over PostgreSQL.
 */
import { expect } from "chai";
import { sql } from "drizzle-orm";
import { openEmbedded, openPostgres, type OpenDatabase } from "../../../../services/gateway/adapters/database.ts";
import { createStore } from "../../../../services/gateway/adapters/store.ts";
import type { Store } from "../../../../services/gateway/ports.ts";
import { codeOf } from "../codes.ts";
import { people, temporaryFolder } from "../fixture.ts";
import { hasPostgres, startPostgres, type Postgres } from "../postgres.ts";

const patient = people.patient.address;
const doctor = people.doctor.address;

for (const engine of ["embedded", "PostgreSQL"] as const) {
  describe(`store over ${engine}`, function () {
    this.timeout(240_000);
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    let server: Postgres | null = null;
    let opened: OpenDatabase;
    let store: Store;

    before(async function () {
      if (engine === "PostgreSQL" && !(await hasPostgres())) {
        console.log("      no PostgreSQL on this machine: skipped");
        this.skip();
      }
      folder = await temporaryFolder();
      if (engine === "PostgreSQL") server = await startPostgres(folder.path);
      await open();
    });
    after(async () => {
      await opened?.close();
      await server?.stop();
      await folder?.release();
    });
    async function open(): Promise<void> {
      opened = await (server === null ? openEmbedded(folder.path) : openPostgres(server.url));
      store = createStore(opened.database);
    }

    it("lets exactly one of 100 simultaneous uses consume a secret", async () => {
      await store.secrets.save({ hash: "a", purpose: "sign-in", expiresAt: 100 });
      const uses = Array.from({ length: 100 }, () => store.secrets.consume({ hash: "a", purpose: "sign-in", now: 1 }));
      expect((await Promise.all(uses)).filter(Boolean)).to.have.length(1);
    });

    it("consumes a secret for its purpose only, and not when it is over", async () => {
      await store.secrets.save({ hash: "b", purpose: "sign-in", expiresAt: 100 });
      expect(await store.secrets.consume({ hash: "b", purpose: "other", now: 1 })).to.equal(false);
      expect(await store.secrets.consume({ hash: "b", purpose: "sign-in", now: 100 })).to.equal(false);
      await store.secrets.save({ hash: "c", purpose: "sign-in", expiresAt: 100 });
      expect(await store.secrets.consume({ hash: "c", purpose: "sign-in", now: 99 })).to.equal(true);
    });

    it("gives racing messages of one inbox different cursors", async () => {
      const add = (index: number) =>
        store.inbox.add({
          to: patient,
          id: `0x${index.toString(16).padStart(32, "0")}`,
          sealed: Uint8Array.of(index),
          now: 1,
          maxBytes: 1_000,
        });
      await Promise.all(Array.from({ length: 20 }, (_, index) => add(index)));
      const cursors = (await store.inbox.list(patient, 0, 100)).map((message) => message.cursor);
      expect(cursors).to.deep.equal(Array.from({ length: 20 }, (_, index) => index + 1));
    });

    it("holds the inbox's limit when messages race", async () => {
      const add = (index: number) =>
        store.inbox.add({
          to: doctor,
          id: `0x${index.toString(16).padStart(32, "0")}`,
          sealed: new Uint8Array(10),
          now: 1,
          maxBytes: 50,
        });
      const codes = await Promise.all(Array.from({ length: 20 }, (_, index) => codeOf(add(index))));
      expect(codes.filter((code) => code === "none")).to.have.length(5);
      expect(codes.filter((code) => code === "QUOTA_EXCEEDED")).to.have.length(15);
    });

    it("holds the quota when uploads race, and keeps nothing of a refused one", async () => {
      const claim = (index: number) =>
        store.ledger.claimUpload({ person: patient, cid: `cid-${index}`, bytes: 10, quotaBytes: 50, now: 1 });
      const codes = await Promise.all(Array.from({ length: 20 }, (_, index) => codeOf(claim(index))));
      expect(codes.filter((code) => code === "none")).to.have.length(5);
      expect(await store.ledger.usageOf(patient)).to.deep.equal({ usedBytes: 50, blocks: 5, pins: 0 });
    });

    it("keeps a pin of more blocks than one statement holds", async () => {
      const blocks = Array.from({ length: 5_000 }, (_, index) => ({ cid: `leaf-${index}`, bytes: 1 }));
      await store.ledger.pin({ person: doctor, cid: "leaf-0", name: "0x01", blocks, quotaBytes: 5_000, now: 1 });
      expect(await store.ledger.usageOf(doctor)).to.deep.equal({ usedBytes: 5_000, blocks: 5_000, pins: 1 });
      expect(await store.ledger.unpinNamed(doctor, "0x01")).to.deep.include({ pins: 1 });
      expect(await store.ledger.usageOf(doctor)).to.deep.equal({ usedBytes: 0, blocks: 0, pins: 0 });
    });

    it("purges what is over, and only that", async () => {
      const session = {
        address: patient,
        createdAt: 1,
        lastUsedAt: 1,
        device: "Firefox on Linux",
        needsCode: false,
        passes: {},
      };
      await store.sessions.save({ ...session, hash: "old", expiresAt: 10 });
      await store.sessions.save({ ...session, hash: "new", expiresAt: 10_000_000 });
      const id = "0x000000000000000000000000000000ff" as const;
      await store.inbox.add({ to: patient, id, sealed: Uint8Array.of(1), now: 5, maxBytes: 1_000 });
      await store.inbox.acknowledge(patient, id, 5);
      const others = (await store.inbox.list(patient, 0, 100)).length;
      await store.purge(5_000_000);
      expect(await store.sessions.find("old", 0)).to.equal(null);
      expect(await store.sessions.find("new", 0)).to.deep.include({ address: patient, expiresAt: 10_000_000 });
      expect(await store.inbox.list(patient, 0, 100)).to.have.length(others);
      // The id of the acknowledged message is forgotten by now, so it may be used again.
      await store.inbox.add({ to: patient, id, sealed: Uint8Array.of(2), now: 6, maxBytes: 1_000 });
      expect(await store.inbox.list(patient, 0, 100)).to.have.length(others + 1);
    });

    it("has everything after it was closed and opened again", async () => {
      await store.slots.save({ person: patient, id: "main", kind: "k", data: Uint8Array.of(0, 255), now: 7, max: 3 });
      const digest = `0x${"11".repeat(32)}` as const;
      await store.directory.publish({ address: doctor, digest, sequence: 0, bytes: Uint8Array.of(1, 2) });
      await store.directory.listPerson({ address: doctor, role: 2, display: { name: "Åsa" }, keyDocument: digest });
      await store.ledger.recordDiscard({ patient, entryId: digest, now: 8 });
      const inbox = await store.inbox.list(patient, 0, 100);
      await opened.close();
      await open();
      expect(await store.slots.list(patient)).to.deep.equal([
        { id: "main", kind: "k", data: Uint8Array.of(0, 255), updatedAt: 7 },
      ]);
      expect(await store.directory.documentsOf(doctor)).to.deep.equal([Uint8Array.of(1, 2)]);
      expect(await store.directory.search({ query: "åSA", limit: 5 })).to.deep.equal([
        { address: doctor, role: 2, display: { name: "Åsa" }, keyDocument: digest },
      ]);
      expect(await store.ledger.discardsOf(patient)).to.deep.equal([{ entryId: digest, discardedAt: 8 }]);
      expect(await store.inbox.list(patient, 0, 100)).to.deep.equal(inbox);
      expect(await store.isUp()).to.equal(true);
    });

    if (engine === "PostgreSQL") {
      it("goes on when the server ended its idle connections, as in a restart", async () => {
        const other = await openPostgres(server!.url);
        const others = sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`;
        await other.database.execute(others);
        await other.close();
        // The ends arrive as events of the pool.
        await new Promise((resolve) => setTimeout(resolve, 200));
        expect(await store.isUp()).to.equal(true);
      });
    }

    it("says so when it is down", async () => {
      await opened.close();
      expect(await store.isUp()).to.equal(false);
      await open();
    });
  });
}

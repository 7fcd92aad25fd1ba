/**
 * @module test/services/keeper/view-notices
 * What keepers tell the gateway of views: each once it took it, after a time without it too, and nothing about reader and record.
 */
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { isSignedByKey } from "../../../services/common/signatures.ts";
import { startViewNotices } from "../../../services/keeper/view-notices.ts";
import { viewNoticeRequestSchema } from "../../../sdk/src/gateway/index.ts";
import { viewNoticeDigest, viewNoticeId } from "../../../sdk/src/keeper/index.ts";
import { bodyFor, grant, view, type Clinic, type TestKeeper } from "./support/clinic.ts";
import { sharedClinic } from "./support/shared-clinic.ts";

describe("view notices", function () {
  this.timeout(60_000);
  let clinic: Clinic;
  let server: Server;
  let taken: string[] = [];
  let status = 204;
  let asked = 0;

  before(async () => {
    clinic = await sharedClinic();
    server = createServer((request, response) => {
      void (async () => {
        asked += 1;
        let body = "";
        for await (const chunk of request) body += String(chunk);
        if (status === 204) taken.push(body);
        response.writeHead(status).end();
      })();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  beforeEach(() => {
    for (const { ports } of clinic.keepers) ports.store.markTold(ports.store.untold(100_000).upTo);
    taken = [];
    status = 204;
    asked = 0;
  });
  after(() => server.close());

  function start(keeper: TestKeeper) {
    const gatewayUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { ports } = keeper;
    return startViewNotices({ ...ports, gatewayUrl }, 5);
  }
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  async function open(times = 1) {
    const terms = await grant(clinic);
    const bodies = [];
    for (let count = 0; count < times; count += 1) {
      const body = await bodyFor(clinic, terms);
      await view(clinic, { terms, body });
      bodies.push(body);
    }
    return bodies;
  }
  const told = () => taken.map((body) => viewNoticeRequestSchema.parse(JSON.parse(body)));

  it("say whose record was opened and when, the same id from each keeper, signed", async () => {
    const [body] = await open();
    const running = clinic.keepers.map((keeper) => start(keeper));
    await until(() => told().length >= 2);
    await Promise.all(running.map((each) => each.stop()));
    for (const { keeper, views, signature } of told()) {
      expect(views).to.have.length(1);
      expect(views[0]).to.include({ patient: clinic.patient.address, id: viewNoticeId(body!.nonce) });
      expect(await isSignedByKey(keeper, viewNoticeDigest(clinic.deployment, keeper, views), signature)).to.equal(true);
    }
    for (const text of taken.map((each) => each.toLowerCase())) {
      for (const secret of [body!.reader, body!.recordId, body!.nonce, body!.tag]) {
        expect(text).to.not.include(secret.slice(2).toLowerCase());
      }
    }
  });

  it("wait while the gateway is away or refuses, and are told once when it is back, after a restart too", async () => {
    await open(2);
    const keeper = clinic.keepers.find(({ ports }) => ports.store.untold(100).views.length > 0)!;
    const untold = () => keeper.ports.store.untold(100).views;
    status = 503;
    const before = start(keeper);
    await until(() => asked >= 3);
    await before.stop();
    const waiting = untold().map(({ id }) => id);
    status = 204;
    const again = start(keeper);
    await until(() => untold().length === 0);
    await again.stop();
    expect(told().flatMap(({ views }) => views.map(({ id }) => id))).to.deep.equal(waiting);
  });
});

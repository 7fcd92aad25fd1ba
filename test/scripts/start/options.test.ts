/**
 * @module test/scripts/start/options
 * What can be said to `npm start`, and what it answers when it cannot be done.
 */
import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { expect } from "chai";
import { freePort } from "../../../scripts/common/ports.ts";
import { choosePorts, parseOptions, UsageError } from "../../../scripts/start/options.ts";

describe("start options", () => {
  describe("parseOptions", () => {
    it("has the documented defaults", () => {
      const options = parseOptions([], {});
      expect(options.ports).to.deep.equal({ chain: 8545, app: 3000, keepers: [3101, 3102, 3103], vite: 5173 });
      expect(options).to.include({ fresh: false, seed: true, build: true, json: false, freePorts: false });
    });

    it("prefers the command line to the environment", () => {
      const environment = { APP_PORT: "4000", CHAIN_PORT: "4001" };
      expect(parseOptions(["--app-port", "5000"], environment).ports).to.include({ app: 5000, chain: 4001 });
    });

    for (const argv of [["--app-port", "no"], ["--app-port", "70000"], ["--ports", "3000"], ["--frsh"], ["extra"]]) {
      it(`refuses ${argv.join(" ")}`, () => {
        expect(() => parseOptions(argv, {})).to.throw(UsageError);
      });
    }
  });

  describe("choosePorts", () => {
    let busy: Server;
    let port: number;
    beforeEach(async () => {
      port = await freePort();
      busy = createServer().listen(port, "127.0.0.1");
      await once(busy, "listening");
    });
    afterEach(() => busy.close());

    it("names the busy port and the option that changes it", async () => {
      const options = parseOptions(["--keeper-port", String(port), "--app-port", String(await freePort())], {});
      const error = await choosePorts(options, false, 0).catch((problem: unknown) => problem);
      expect(error).to.be.instanceOf(UsageError);
      expect(String(error)).to.include(String(port)).and.include("--keeper-port");
    });

    it("waits for a port that is about to be free", async () => {
      const options = parseOptions(["--app-port", String(port), "--keeper-port", String(await freePort())], {});
      setTimeout(() => busy.close(), 300);
      expect((await choosePorts(options, false, 5_000)).app).to.equal(port);
    });

    it("takes different free ports when asked to", async () => {
      const { chain, app, keepers, vite } = await choosePorts(parseOptions(["--ports", "free"], {}), true, 0);
      expect(new Set([chain, app, vite, ...keepers]).size).to.equal(6);
    });
  });
});

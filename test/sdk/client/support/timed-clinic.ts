/**
 * @module test/sdk/client/support/timed-clinic
 * A clinic whose time tests move: a real chain, three real keepers and a real gateway with its blocks, all in this process. Chain and
 * keepers go by the tests' clock; people act through the client layer, and their own clocks agree with it.
 */
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { createChainClient } from "../../../../sdk/src/chain/index.ts";
import type { Deployment } from "../../../../sdk/src/deployment.ts";
import { demoPrivateKey } from "../../../../scripts/common/people.ts";
import { joinAs, licenceBy, type Actor } from "../../../support/actors.ts";
import { freePort } from "../../../support/ports.ts";
import { openGateway, temporaryFolder } from "../../../services/gateway/fixture.ts";
import { fetchOf, startClinic, type Clinic } from "../../../services/keeper/support/clinic.ts";

/** The running clinic. */
export type TimedClinic = Pick<Clinic, "clock" | "chain" | "keepers"> & {
  deployment: Deployment;
  registrar: Actor;
  /** Somebody new with the mnemonic's account `account`. */
  join(account: number, role: 1 | 2 | 3, name: string): Promise<Actor>;
  /** Applies as a clinician, and the registrar verifies for a year. */
  licence(actor: Actor): Promise<void>;
  /** Lets time pass, on the chain too. */
  pass(seconds: number): Promise<void>;
  close(): Promise<void>;
};

const PASSPHRASE = "winter heron climbs the ninth lantern";

/** Starts it. The keepers' own test people have accounts 1 to 3; others are free. */
export async function startTimedClinic(): Promise<TimedClinic> {
  const clinic = await startClinic();
  const { clock, chain, keepers } = clinic;
  const port = await freePort();
  const gatewayUrl = `http://127.0.0.1:${port}`;
  const deployment: Deployment = { ...clinic.deployment, gatewayUrl };
  const folder = await temporaryFolder();
  const client = createChainClient({ deployment });
  // The gateway keeps the wall clock, as sign-in does: nothing in it judges by the chain's time.
  const gateway = await openGateway({ deployment, client, publicClient: client.publicClient }, folder.path, {
    origins: [gatewayUrl],
    now: () => Math.floor(Date.now() / 1000),
  });
  const server = serve({ fetch: gateway.app.fetch, hostname: "127.0.0.1", port });
  await new Promise<void>((resolve) => (server.listening ? resolve() : server.once("listening", resolve)));
  if ((server.address() as AddressInfo).port !== port) throw new Error("the gateway listens elsewhere");

  /** Keepers answer without a socket; everything else goes over the network. */
  const route: typeof fetch = (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    const index = deployment.keepers.findIndex((keeper) => url.startsWith(keeper.url));
    return index < 0 ? fetch(input, init) : fetchOf(keepers[index]!.app)(input, init);
  };

  const join = (account: number, role: 1 | 2 | 3, name: string): Promise<Actor> =>
    joinAs(
      deployment,
      { key: demoPrivateKey(account), role, name, passphrase: PASSPHRASE },
      { fetch: route, now: clock.now },
    );

  const registrar = await join(0, 3, "Medical council");
  return {
    clock,
    chain,
    keepers,
    deployment,
    registrar,
    join,
    licence: (actor) => licenceBy(registrar, actor),
    pass: async (seconds) => {
      clock.advance(seconds);
      await chain.mine();
    },
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      await gateway.close();
      await folder.release();
      await clinic.close();
    },
  };
}

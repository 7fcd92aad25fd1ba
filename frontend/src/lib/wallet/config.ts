/**
 * @module lib/wallet/config
 * wagmi for one deployment: every wallet that announces itself (EIP-6963), one that does not, and the demo wallet on the local chain.
 */
import { createConfig, createStorage, http, injected, type Config, type Connector } from "wagmi";
import { chainOf } from "@carekey/sdk/chain";
import type { Deployment } from "@carekey/sdk/deployment";
import { DEMO_CONNECTOR_ID, demoConnector } from "./demo-connector.ts";

/** Id of the connector for a wallet that only sets `window.ethereum`. */
const LEGACY_ID = "injected";

/** wagmi's configuration of a deployment. */
export function createWalletConfig(deployment: Deployment): Config {
  const chain = chainOf(deployment);
  return createConfig({
    chains: [chain],
    connectors: [injected(), ...(deployment.demo === undefined ? [] : [demoConnector(deployment)])],
    transports: { [chain.id]: http(deployment.rpcUrl) },
    multiInjectedProviderDiscovery: true,
    storage: createStorage({ key: "carekey.wallet", storage: window.localStorage }),
  });
}

/** The wallets to offer: last used first, the demo wallet last, the nameless one only when nothing else is there. */
export function walletsToOffer(connectors: readonly Connector[], lastUsedId: string | null): Connector[] {
  const announced = connectors.filter(({ id }) => id !== LEGACY_ID && id !== DEMO_CONNECTOR_ID);
  const isLegacyThere = announced.length === 0 && "ethereum" in window;
  const offered = connectors.filter(({ id }) => id !== LEGACY_ID || isLegacyThere);
  const rank = ({ id }: Connector) => (id === lastUsedId ? 0 : id === DEMO_CONNECTOR_ID ? 2 : 1);
  return offered.toSorted((left, right) => rank(left) - rank(right) || left.name.localeCompare(right.name));
}

/** Whether this is the demo wallet. */
export function isDemoWallet(connector: Pick<Connector, "id"> | undefined): boolean {
  return connector?.id === DEMO_CONNECTOR_ID;
}

/**
 * @module lib/wallet/demo-connector
 * wagmi's connector of the demo wallet. Remembers who was chosen, so that a reload reconnects silently.
 */
import { createConnector } from "wagmi";
import type { Deployment } from "@carekey/sdk/deployment";
import { createDemoProvider, type DemoProvider } from "./demo-provider.ts";

/** Id of the demo wallet among wagmi's connectors. */
export const DEMO_CONNECTOR_ID = "carekey-demo";

type DemoStorage = { "demo.account": string };

/** The connector of the demo wallet. */
export function demoConnector(deployment: Deployment) {
  const provider = createDemoProvider(deployment);
  return createConnector<DemoProvider, Record<string, unknown>, DemoStorage>((config) => ({
    id: DEMO_CONNECTOR_ID,
    name: "Demo wallet",
    type: "demo",
    async connect<WithCapabilities extends boolean = false>(options?: {
      isReconnecting?: boolean;
      withCapabilities?: WithCapabilities | boolean;
    }) {
      if (options?.isReconnecting) provider.choose((await config.storage?.getItem("demo.account")) ?? null);
      await provider.request({ method: "eth_requestAccounts" });
      const person = provider.chosen();
      if (person === null) throw new Error("nobody is chosen in the demo wallet");
      await config.storage?.setItem("demo.account", person.address);
      const accounts = options?.withCapabilities ? [{ address: person.address, capabilities: {} }] : [person.address];
      // The type of `accounts` follows the type parameter, which the compiler cannot see from the option's value.
      return {
        accounts: accounts as never,
        chainId: deployment.chainId,
      };
    },
    async disconnect() {
      provider.choose(null);
      await config.storage?.removeItem("demo.account");
    },
    getAccounts: () => {
      const person = provider.chosen();
      return Promise.resolve(person === null ? [] : [person.address]);
    },
    getChainId: () => Promise.resolve(deployment.chainId),
    getProvider: () => Promise.resolve(provider),
    isAuthorized: async () => provider.choose((await config.storage?.getItem("demo.account")) ?? null) !== null,
    switchChain: () => Promise.resolve(config.chains[0]),
    onAccountsChanged: () => undefined,
    onChainChanged: () => undefined,
    onDisconnect: () => config.emitter.emit("disconnect"),
  }));
}

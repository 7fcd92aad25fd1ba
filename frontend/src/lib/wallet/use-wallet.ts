/**
 * @module lib/wallet/use-wallet
 * The connected wallet as the client layer wants it, or where it stands on the way there.
 */
import { useEffect, useState } from "react";
import { createWalletClient, custom, type EIP1193Provider } from "viem";
import { useConnection, useDisconnect, useSwitchChain } from "wagmi";
import type { Address } from "@carekey/sdk/bytes";
import { chainOf } from "@carekey/sdk/chain";
import { createCarekey, type Carekey } from "@carekey/sdk/client";
import { useDeployment } from "../deployment.ts";
import { openPrivateStore } from "../private-store.ts";

/** Where the wallet stands. */
export type WalletState =
  | { status: "connecting" }
  | { status: "disconnected" }
  | { status: "wrong-network"; address: Address; chainId: number }
  | { status: "ready"; address: Address; carekey: Carekey };

/** The wallet's state; `ready` has the ports of the client layer. They change with account, network and wallet. */
export function useWallet(): WalletState {
  const deployment = useDeployment();
  const { status, address, chainId, connector } = useConnection();
  const [ready, setReady] = useState<{ carekey: Carekey; address: Address; connector: unknown } | null>(null);
  const isRight = status === "connected" && chainId === deployment.chainId;

  useEffect(() => {
    // While it reconnects, wagmi's connector is a bare record without methods.
    if (!isRight || address === undefined || connector?.getProvider === undefined) return;
    let isCurrent = true;
    void connector.getProvider().then((provider) => {
      if (!isCurrent) return;
      const wallet = createWalletClient({
        account: address,
        chain: chainOf(deployment),
        transport: custom(provider as EIP1193Provider),
      });
      setReady({ address, connector, carekey: createCarekey({ deployment, wallet, store: openPrivateStore() }) });
    });
    return () => {
      isCurrent = false;
    };
  }, [isRight, address, connector, deployment]);

  if (status === "disconnected") return { status: "disconnected" };
  if (address === undefined || chainId === undefined || status === "connecting") return { status: "connecting" };
  if (status === "connected" && !isRight) return { status: "wrong-network", address, chainId };
  if (!isRight || ready === null || ready.address !== address || ready.connector !== connector)
    return { status: "connecting" };
  return { status: "ready", address, carekey: ready.carekey };
}

/** Adds the deployment's network to the wallet if it is missing, and switches to it: one click. */
export function useNetworkSwitch() {
  const deployment = useDeployment();
  const chain = chainOf(deployment);
  const { mutate, isPending, error } = useSwitchChain();
  const addEthereumChainParameter = {
    chainName: chain.name,
    nativeCurrency: chain.nativeCurrency,
    rpcUrls: chain.rpcUrls.default.http,
  };
  return {
    networkName: chain.name,
    switchNetwork: () => mutate({ chainId: deployment.chainId, addEthereumChainParameter }),
    isPending,
    error,
  };
}

/** Disconnects and forgets the wallet. */
export function useForgetWallet(): () => void {
  const { mutate } = useDisconnect();
  return () => mutate({});
}

/**
 * @module app/app
 * The providers, from the outside in: look, queries, deployment, wallet; then the gate that decides what is shown.
 */
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { WagmiProvider } from "wagmi";
import type { Deployment } from "@carekey/sdk/deployment";
import { LiveRegion } from "../components/live-region.tsx";
import { DeploymentProvider } from "../lib/deployment.ts";
import { createWalletConfig } from "../lib/wallet/config.ts";
import { DemoWalletDialog } from "./demo-wallet-dialog.tsx";
import { DeploymentGate } from "./deployment-gate.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import { Gate } from "./gate.tsx";
import { createQueryClient } from "./query-client.ts";
import { cssVariablesResolver, theme } from "./theme.ts";

const queryClient = createQueryClient();

/** The whole app. */
export function App(): ReactNode {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <LiveRegion />
      <Notifications position="top-center" limit={3} />
      <ErrorBoundary>
        <QueryClientProvider client={queryClient}>
          <DeploymentGate>{(deployment) => <DeployedApp deployment={deployment} />}</DeploymentGate>
        </QueryClientProvider>
      </ErrorBoundary>
    </MantineProvider>
  );
}

function DeployedApp({ deployment }: { deployment: Deployment }): ReactNode {
  const [walletConfig] = useState(() => createWalletConfig(deployment));
  return (
    <DeploymentProvider value={deployment}>
      <WagmiProvider config={walletConfig} reconnectOnMount>
        <Gate />
        <DemoWalletDialog />
      </WagmiProvider>
    </DeploymentProvider>
  );
}

/**
 * @module features/identity/wrong-network-page
 * The wallet is on another network: one click adds and switches.
 */
import { Button, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { useNetworkSwitch } from "../../lib/wallet/use-wallet.ts";

/** Asks for the right network. */
export function WrongNetworkPage(): ReactNode {
  const { networkName, switchNetwork, isPending, error } = useNetworkSwitch();
  return (
    <Stack gap="lg" align="flex-start">
      <Title order={1}>Your wallet is on another network</Title>
      <Text>
        Carekey lives on the network “{networkName}”. Your wallet will ask whether it may switch, and add the network if
        it does not know it. This costs nothing.
      </Text>
      <Button onClick={switchNetwork} loading={isPending}>
        Switch network
      </Button>
      {error !== null && <ErrorNotice error={error} />}
    </Stack>
  );
}

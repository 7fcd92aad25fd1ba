/**
 * @module features/identity/connect-dialog
 * Every wallet of this browser by name and icon, the last used one first; and what to do when there is none.
 */
import { Anchor, Badge, Loader, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconFlask, IconWallet } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import { useConfig, useConnect, useConnectors, type Connector } from "wagmi";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { isDemoWallet, walletsToOffer } from "../../lib/wallet/config.ts";
import classes from "./connect-dialog.module.css";

/** Props of {@link ConnectDialog}. */
export type ConnectDialogProps = { opened: boolean; onClose: () => void };

/** Lets the person choose a wallet. */
export function ConnectDialog({ opened, onClose }: ConnectDialogProps): ReactNode {
  const wallets = walletsToOffer(useConnectors(), useLastWallet());
  const { mutate, isPending, variables, error, reset } = useConnect();
  const hasReal = wallets.some((wallet) => !isDemoWallet(wallet));
  const pendingId = isPending && variables !== undefined && "id" in variables.connector ? variables.connector.id : null;
  const close = () => {
    reset();
    onClose();
  };
  return (
    <Sheet opened={opened} onClose={close} title="Connect your wallet" size="md">
      <Stack gap="md">
        {!hasReal && <NoWallet />}
        <ul className={classes.wallets}>
          {wallets.map((wallet) => (
            <li key={wallet.uid}>
              <UnstyledButton
                className={classes.wallet}
                disabled={isPending}
                onClick={() => mutate({ connector: wallet })}
              >
                <WalletIcon wallet={wallet} />
                <span className={classes.name}>{wallet.name}</span>
                {isDemoWallet(wallet) && <Badge color="gray">Test network</Badge>}
                {pendingId === wallet.id && <Loader size={20} aria-label="Waiting for the wallet" />}
              </UnstyledButton>
            </li>
          ))}
        </ul>
        {error !== null && <ErrorNotice error={error} />}
        <Text c="dimmed">
          A wallet proves who you are. It opens no record by itself: for that you need your passphrase.
        </Text>
      </Stack>
    </Sheet>
  );
}

function NoWallet(): ReactNode {
  return (
    <Notice tone="accent" title="No wallet was found in this browser">
      <Text>
        A wallet is a small program that holds your account and signs for you.{" "}
        <Anchor href="https://metamask.io/download" target="_blank" rel="noreferrer noopener">
          Get MetaMask
        </Anchor>{" "}
        or another one, then reload this page.
      </Text>
    </Notice>
  );
}

function WalletIcon({ wallet }: { wallet: Connector }): ReactNode {
  if (wallet.icon !== undefined)
    return <img className={classes.icon} src={wallet.icon.trim()} alt="" width={40} height={40} />;
  const Icon = isDemoWallet(wallet) ? IconFlask : IconWallet;
  return (
    <span className={classes.icon} data-plain="">
      <Icon size={24} aria-hidden="true" />
    </span>
  );
}

function useLastWallet(): string | null {
  const { storage } = useConfig();
  const [lastUsed, setLastUsed] = useState<string | null>(null);
  useEffect(() => {
    void Promise.resolve(storage?.getItem("recentConnectorId")).then((id) => setLastUsed(id ?? null));
  }, [storage]);
  return lastUsed;
}

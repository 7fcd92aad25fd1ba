/**
 * @module app/frame
 * The frame of everything outside the unlocked app: a header with the name and the wallet, and one column.
 */
import { Button, Menu, Text } from "@mantine/core";
import { IconChevronDown, IconWallet } from "@tabler/icons-react";
import { useEffect, useRef, type ReactNode } from "react";
import { Logo } from "../components/logo.tsx";
import { useDocumentTitle } from "../components/screen.tsx";
import { formatAddress } from "../lib/format.ts";
import classes from "./frame.module.css";

/** Props of {@link Frame}. */
export type FrameProps = {
  /** Document title; the heading is the page's own. */
  title: string;
  width?: "narrow" | "wide";
  /** The connected account, with the way out. */
  wallet?: { address: string; name: string; onDisconnect: () => void };
  children: ReactNode;
};

/** A page outside the unlocked app. Focus starts at its content whenever `title` changes. */
export function Frame({ title, width = "narrow", wallet, children }: FrameProps): ReactNode {
  const main = useRef<HTMLElement>(null);
  useDocumentTitle(title);
  useEffect(() => {
    main.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, [title]);
  return (
    <div className={classes.root}>
      <header className={`${classes.header} no-print`}>
        <Logo />
        {wallet !== undefined && <WalletMenu {...wallet} />}
      </header>
      <main ref={main} tabIndex={-1} className={classes.main} data-width={width}>
        {children}
      </main>
    </div>
  );
}

function WalletMenu({ address, name, onDisconnect }: NonNullable<FrameProps["wallet"]>): ReactNode {
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <Button
          variant="default"
          className={classes.wallet}
          leftSection={<IconWallet size={20} aria-hidden />}
          rightSection={<IconChevronDown size={18} aria-hidden />}
        >
          {formatAddress(address)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Text px="sm" py="xs" c="dimmed">
          Connected with {name}
        </Text>
        <Menu.Item onClick={onDisconnect}>Disconnect and forget this wallet</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

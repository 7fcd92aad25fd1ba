/**
 * @module features/identity/ways-to-unlock
 * Every way into the records: the code on paper, the passphrase, passkeys and the wallet; with the way to add and to remove one.
 */
import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDeviceMobile, IconFileText, IconFingerprint, IconKey, IconWallet } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { mayRemoveWay, type WayToUnlock } from "@carekey/sdk/client";
import { Card } from "../../components/card.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { formatDate } from "../../lib/format.ts";
import { AddPasskey } from "./add-passkey.tsx";
import { AddWalletWay } from "./add-wallet-way.tsx";
import { ChangePassphrase } from "./change-passphrase.tsx";
import { waysQuery } from "./hooks.ts";
import { RemoveWay } from "./remove-way.tsx";
import { summaryOfWays, wayName } from "./ways.ts";
import classes from "./ways-to-unlock.module.css";

type SheetName = "passphrase" | "passkey" | "wallet";

/** Lists the ways in, the paper first. */
export function WaysToUnlock(): ReactNode {
  const { carekey, person } = useCarekey();
  const ways = useQuery(waysQuery(carekey, person));
  return (
    <QueryStates query={ways} label="Loading your ways to unlock">
      {(list) => <Ways ways={list} />}
    </QueryStates>
  );
}

function Ways({ ways }: { ways: readonly WayToUnlock[] }): ReactNode {
  const [sheet, setSheet] = useState<SheetName | null>(null);
  const [leaving, setLeaving] = useState<WayToUnlock | null>(null);
  const [isRemoving, removing] = useDisclosure();
  const passphrase = ways.find(({ kind }) => kind === "passphrase");
  const hasWallet = ways.some(({ kind }) => kind === "wallet");
  const close = () => setSheet(null);
  const remove = (way: WayToUnlock) => {
    setLeaving(way);
    removing.open();
  };
  return (
    <Card padding="none">
      <Text fw={600} className={classes.summary}>
        {summaryOfWays(ways)}
      </Text>
      <ul className={classes.ways} aria-label="Ways to unlock">
        <li>
          <IconFileText size={26} aria-hidden="true" />
          <div>
            <Text fw={600}>Recovery code, on paper</Text>
            <Text c="dimmed">Opens your records without any device. It is saved nowhere else.</Text>
          </div>
          <Button component={Link} to="/me/recovery-kit" variant="default">
            Print the kit
          </Button>
        </li>
        <li>
          <IconKey size={26} aria-hidden="true" />
          <div>
            <Text fw={600}>Passphrase</Text>
            <Text c="dimmed">
              {passphrase === undefined
                ? "None is saved yet."
                : passphrase.works
                  ? `Saved ${formatDate(passphrase.savedAt)}, encrypted. Works on every device.`
                  : "Belongs to your earlier keys and opens nothing any more. Set a new one."}
            </Text>
          </div>
          <Button variant={passphrase?.works === true ? "default" : "filled"} onClick={() => setSheet("passphrase")}>
            {passphrase === undefined ? "Set a passphrase" : "Change passphrase"}
          </Button>
        </li>
        {ways
          .filter(({ kind }) => kind !== "passphrase")
          .map((way) => (
            <li key={way.id}>
              <WayIcon kind={way.kind} />
              <div>
                <Text fw={600}>{wayName(way)}</Text>
                <Text c="dimmed">
                  {way.works ? `Set up ${formatDate(way.savedAt)}` : "Opens nothing any more. You can remove it."}
                </Text>
              </div>
              {mayRemoveWay(ways, way.id) && (
                <Button variant="default" onClick={() => remove(way)} aria-label={`Remove: ${wayName(way)}`}>
                  Remove
                </Button>
              )}
            </li>
          ))}
      </ul>
      <Group gap="sm" className={classes.more}>
        <Button
          variant="default"
          leftSection={<IconFingerprint size={20} aria-hidden />}
          onClick={() => setSheet("passkey")}
        >
          Add a passkey
        </Button>
        {!hasWallet && (
          <Button variant="subtle" onClick={() => setSheet("wallet")}>
            Let your wallet unlock
          </Button>
        )}
      </Group>
      <ChangePassphrase opened={sheet === "passphrase"} onClose={close} />
      <AddPasskey opened={sheet === "passkey"} onClose={close} />
      <AddWalletWay opened={sheet === "wallet"} onClose={close} />
      {leaving !== null && (
        <RemoveWay
          opened={isRemoving}
          onClose={removing.close}
          way={leaving}
          remaining={ways.filter(({ id }) => id !== leaving.id)}
        />
      )}
    </Card>
  );
}

function WayIcon({ kind }: { kind: WayToUnlock["kind"] }): ReactNode {
  const Icon = kind === "passkey" ? IconFingerprint : kind === "wallet" ? IconWallet : IconDeviceMobile;
  return <Icon size={26} aria-hidden="true" />;
}

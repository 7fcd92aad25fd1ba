/**
 * @module features/identity/recovery-kit
 * The sheet itself: the code in numbered groups and as a QR code, how to use it, whose it is, where, and since when.
 */
import { Text, Title } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { Address } from "@carekey/sdk/bytes";
import { encodeRecoveryCode } from "@carekey/sdk/crypto";
import { QrCode } from "../../components/qr-code.tsx";
import { formatDate } from "../../lib/format.ts";
import { codeGroups } from "./recovery-code.ts";
import classes from "./recovery-kit.module.css";

/** Props of {@link RecoveryKit}. */
export type RecoveryKitProps = { seed: Uint8Array; address: Address };

/** One sheet, the same on the screen and on paper. */
export function RecoveryKit({ seed, address }: RecoveryKitProps): ReactNode {
  const [today] = useState(() => formatDate(Date.now() / 1000));
  const { origin } = window.location;
  return (
    <section className={classes.sheet} aria-label="Your recovery kit">
      <Title order={2} size="h3">
        Carekey recovery kit
      </Title>
      <div className={classes.code}>
        <ol className={classes.groups} aria-label="Recovery code">
          {codeGroups(seed).map((group, index) => (
            <li key={index}>
              <span className={classes.number}>{index + 1}</span>
              <span className={classes.group}>{group}</span>
            </li>
          ))}
        </ol>
        <QrCode value={encodeRecoveryCode(seed)} label="The recovery code as a QR code" />
      </div>
      <Title order={3} size="h4">
        How to use it
      </Title>
      <ol className={classes.steps}>
        <li>Open {origin} and connect the wallet of this account.</li>
        <li>
          Choose “Use your recovery code instead” and type the groups in order. Spaces and capitals do not matter.
        </li>
        <li>Under Me, set a new passphrase.</li>
        <li>If the wallet is lost, too: register with a new one, and choose Me, New wallet. Your guardians help.</li>
      </ol>
      <dl className={classes.facts}>
        <dt>Account</dt>
        <dd>{address}</dd>
        <dt>Carekey</dt>
        <dd>{origin}</dd>
        <dt>Printed</dt>
        <dd>{today}</dd>
      </dl>
      <Text fw={600}>
        Whoever has this sheet and reaches your records’ storage can read them. Keep it like your passport.
      </Text>
    </section>
  );
}

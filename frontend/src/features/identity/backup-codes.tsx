/**
 * @module features/identity/backup-codes
 * The backup codes, shown once: to be printed or written down.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { createPortal } from "react-dom";
import { formatDate } from "../../lib/format.ts";
import classes from "./backup-codes.module.css";

/** Props of {@link BackupCodes}. */
export type BackupCodesProps = { codes: readonly string[]; onDone: () => void };

/** The list, with a copy that only the printer sees. */
export function BackupCodes({ codes, onDone }: BackupCodesProps): ReactNode {
  const [today] = useState(() => formatDate(Date.now() / 1000));
  return (
    <Stack gap="md">
      <Text fw={600}>Your backup codes. You see them only now.</Text>
      <Text>Print them or write them down. Each works once, when your phone and your mail are not at hand.</Text>
      <CodeList codes={codes} label="Backup codes" />
      <Group gap="sm">
        <Button onClick={onDone}>I have them on paper</Button>
        <Button variant="default" leftSection={<IconPrinter size={20} aria-hidden />} onClick={() => window.print()}>
          Print
        </Button>
      </Group>
      {createPortal(
        <section className={classes.paper} aria-hidden="true">
          <p>
            Carekey backup codes · {window.location.origin} · {today}
          </p>
          <CodeList codes={codes} />
          <p>Each works once. Keep them apart from your phone.</p>
        </section>,
        document.body,
      )}
    </Stack>
  );
}

function CodeList({ codes, label }: { codes: readonly string[]; label?: string }): ReactNode {
  return (
    <ol className={classes.codes} aria-label={label}>
      {codes.map((code) => (
        <li key={code}>{code}</li>
      ))}
    </ol>
  );
}

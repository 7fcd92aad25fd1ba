/**
 * @module features/identity/code-step
 * Shows the recovery code once, to be printed or written down.
 */
import { Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { IconDownload, IconPrinter } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { Address } from "@carekey/sdk/bytes";
import { Notice } from "../../components/notice.tsx";
import { formatDate } from "../../lib/format.ts";
import { codeFile, codeGroups } from "./recovery-code.ts";
import classes from "./code-step.module.css";

/** Props of {@link CodeStep}. */
export type CodeStepProps = { seed: Uint8Array; address: Address; onNext: () => void };

/** The code in numbered groups. */
export function CodeStep({ seed, address, onNext }: CodeStepProps): ReactNode {
  const [isKept, setKept] = useState(false);
  const groups = codeGroups(seed);
  const [today] = useState(() => formatDate(Date.now() / 1000));
  return (
    <Stack gap="lg">
      <section className={classes.sheet} aria-label="Your recovery code">
        <Text fw={600} className={classes.printOnly}>
          Carekey recovery code · {address} · {today}
        </Text>
        <ol className={classes.groups}>
          {groups.map((group, index) => (
            <li key={index}>
              <span className={classes.number}>{index + 1}</span>
              <span className={classes.group}>{group}</span>
            </li>
          ))}
        </ol>
        <Text className={classes.printOnly}>Whoever has this sheet can read all records of this account.</Text>
      </section>
      <Group gap="sm" className="no-print">
        <Button variant="default" leftSection={<IconPrinter size={20} aria-hidden />} onClick={() => window.print()}>
          Print
        </Button>
        <Button
          variant="default"
          leftSection={<IconDownload size={20} aria-hidden />}
          onClick={() => saveText("carekey-recovery-code.txt", codeFile(groups, address, today))}
        >
          Save as a file
        </Button>
      </Group>
      <div className="no-print">
        <Notice tone="waiting" title="Keep it on paper, where you keep your passport">
          <Text>
            If you forget your passphrase, this is the only other way in. Nobody can send you a new one, and whoever
            finds it can read your records.
          </Text>
        </Notice>
      </div>
      <Stack gap="md" className="no-print">
        <Checkbox
          label="I have written it down or printed it"
          checked={isKept}
          onChange={(event) => setKept(event.currentTarget.checked)}
        />
        <Button disabled={!isKept} onClick={onNext}>
          Continue
        </Button>
      </Stack>
    </Stack>
  );
}

function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

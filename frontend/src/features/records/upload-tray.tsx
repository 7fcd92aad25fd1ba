/**
 * @module features/records/upload-tray
 * The quiet tray of files on their way: progress, pause, resume, and what is ready to be added to the chart.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { signIn } from "@carekey/sdk/client";
import type { SdkErrorCode } from "@carekey/sdk/errors";
import { ActStatus, useAct } from "../../components/act.tsx";
import { Card, Section } from "../../components/card.tsx";
import { ConfirmSheet } from "../../components/confirm-sheet.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { useFeeWords } from "../../lib/fees.ts";
import { formatList } from "../../lib/format.ts";
import type { UploadItem, UploadQueue } from "../../workers/upload-queue.ts";
import { scopeLabel } from "./scope-select.tsx";
import { UploadRow } from "./upload-row.tsx";
import { waitingWords } from "./upload-words.ts";
import { useAddUploads, useUploads } from "./uploads.ts";
import classes from "./upload-tray.module.css";

/** The tray. Nothing while no file is on its way; the sheet stays until it is closed, though the last file has left the tray. */
export function UploadTray(): ReactNode {
  const { queue, snapshot, error } = useUploads();
  if (error !== null) return <ErrorNotice error={error} />;
  if (queue === null) return null;
  return <Tray queue={queue} items={snapshot.items} waiting={snapshot.waiting} />;
}

type TrayProps = { queue: UploadQueue; items: readonly UploadItem[]; waiting: SdkErrorCode | null };

function Tray({ queue, items, waiting }: TrayProps): ReactNode {
  const [adding, setAdding] = useState<readonly UploadItem[]>([]);
  const [isOpen, setIsOpen] = useState(false);
  const act = useAddUploads(queue);
  const cost = useFeeWords(useCarekey().carekey);
  const ready = items.filter(({ state }) => state === "ready");
  const ask = (chosen: readonly UploadItem[]) => {
    setAdding(chosen);
    setIsOpen(true);
  };
  return (
    <>
      {items.length > 0 && (
        <Section
          title="Files on their way"
          action={ready.length > 1 && <Button onClick={() => ask(ready)}>Add all {ready.length} to my records</Button>}
        >
          <Card padding="none" label="Files on their way">
            <Text className={classes.promise} c="dimmed">
              <IconLock size={18} aria-hidden /> Encrypted on this device. Nobody else can read these files.
            </Text>
            {waiting !== null && <WaitingNotice code={waiting} queue={queue} />}
            <ul className={classes.list}>
              {items.map((item) => (
                <li key={item.id} className={classes.item}>
                  <UploadRow item={item} queue={queue} onAdd={() => ask([item])} isSecondary={ready.length > 1} />
                </li>
              ))}
            </ul>
          </Card>
        </Section>
      )}
      <ConfirmSheet
        opened={isOpen}
        onClose={() => setIsOpen(false)}
        title={adding.length === 1 ? "Add this file to your records" : `Add ${adding.length} files to your records`}
        points={pointsOf(adding)}
        irreversible="Your history only grows: an entry can be replaced by a newer version, but not erased."
        cost={cost}
        confirmLabel={act.status === "refused" ? "Ask my wallet again" : "Continue in your wallet"}
        act={act}
        onConfirm={() => void act.run(stillReady(adding, items))}
      />
    </>
  );
}

function stillReady(chosen: readonly UploadItem[], items: readonly UploadItem[]): string[] {
  const ready = new Set(items.filter(({ state }) => state === "ready").map(({ id }) => id));
  return chosen.map(({ id }) => id).filter((id) => ready.has(id));
}

function pointsOf(items: readonly UploadItem[]): string[] {
  const names = formatList(items.map(({ name }) => `“${name}”`));
  const places = formatList([...new Set(items.map(({ scope }) => scopeLabel(scope)))]);
  const confirmations =
    items.length === 1 ? "Your wallet asks once." : `Your wallet asks ${items.length} times, once for each file.`;
  return [
    `${names} ${items.length === 1 ? "becomes" : "become"} part of your history, filed under ${places}.`,
    "You can read that, and so can the people you share that part with. The network sees no name and no content.",
    `${confirmations} If you say no, the file stays here, ready to add later.`,
  ];
}

function WaitingNotice({ code, queue }: { code: SdkErrorCode; queue: UploadQueue }): ReactNode {
  const { carekey } = useCarekey();
  const words = waitingWords(code);
  const signingIn = useAct((_: void, options) => signIn(carekey, options), {
    done: "Signed in. The upload goes on.",
    onDone: () => queue.tryAgain(),
  });
  return (
    <div className={classes.notice}>
      <Notice tone="waiting" role="status" title={words.title}>
        <Stack gap="xs">
          <Text>{words.text}</Text>
          <Group>
            {code === "NOT_SIGNED_IN" ? (
              <Button variant="default" loading={signingIn.isRunning} onClick={() => void signingIn.run()}>
                Sign in
              </Button>
            ) : (
              <Button variant="default" onClick={() => queue.tryAgain()}>
                {words.action}
              </Button>
            )}
          </Group>
          <ActStatus act={signingIn} />
        </Stack>
      </Notice>
    </div>
  );
}

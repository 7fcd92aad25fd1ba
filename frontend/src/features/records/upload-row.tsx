/**
 * @module features/records/upload-row
 * One file of the tray, with the one or two things that can be done with it now.
 */
import { ActionIcon, Button, FileButton, Progress, Text } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { UploadItem, UploadQueue } from "../../workers/upload-queue.ts";
import { KindIcon } from "./kind-icon.tsx";
import { ScopeSelect } from "./scope-select.tsx";
import { percentOf, stateWords } from "./upload-words.ts";
import classes from "./upload-tray.module.css";

type RowProps = { item: UploadItem; queue: UploadQueue };
type AddProps = {
  onAdd: () => void;
  /** Whether another button on the screen adds several at once. */
  isSecondary: boolean;
};

/** A file on its way. */
export function UploadRow({ item, queue, ...add }: RowProps & AddProps): ReactNode {
  const isMoving = item.state === "checking" || item.state === "uploading";
  const isFinished = item.state === "ready";
  return (
    <div className={classes.row} role="group" aria-label={item.name} data-state={item.state}>
      <div className={classes.top}>
        <KindIcon fileType={item.type} fileName={item.name} />
        <div className={classes.words}>
          <Text className={classes.name}>{item.name}</Text>
          {item.supersedes !== null && <Text c="dimmed">New version of a record you have</Text>}
          <Text c="dimmed" role={isMoving ? undefined : "status"}>
            {stateWords(item)}
          </Text>
        </div>
        <ActionIcon color="gray" aria-label={`Remove ${item.name}`} onClick={() => void queue.remove(item.id)}>
          <IconX size={20} />
        </ActionIcon>
      </div>
      {!isFinished && item.state !== "changed" && (
        <Progress
          value={percentOf(item)}
          size="lg"
          radius="xl"
          aria-label={`${item.name}: ${percentOf(item)} percent`}
          color={isMoving || item.state === "queued" ? undefined : "gray"}
        />
      )}
      <div className={classes.actions}>
        {item.state !== "changed" && (
          <div className={classes.scope}>
            <ScopeSelect
              label="File under"
              value={item.scope}
              onChange={(scope) => void queue.setScope(item.id, scope)}
            />
          </div>
        )}
        <RowActions item={item} queue={queue} {...add} />
      </div>
    </div>
  );
}

function RowActions({ item, queue, onAdd, isSecondary }: RowProps & AddProps): ReactNode {
  switch (item.state) {
    case "queued":
    case "checking":
    case "uploading":
      return (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={20} aria-hidden />}
          onClick={() => queue.pause(item.id)}
        >
          Pause
        </Button>
      );
    case "paused":
    case "failed":
      return (
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={20} aria-hidden />}
          onClick={() => queue.resume(item.id)}
        >
          {item.state === "paused" ? "Go on" : "Try again"}
        </Button>
      );
    case "needs-file":
      return <ChooseAgain item={item} queue={queue} label="Choose the same file" />;
    case "changed":
      return (
        <>
          <ChooseAgain item={item} queue={queue} label="Choose the right file" />
          <Button variant="default" onClick={() => void queue.startOver(item.id)}>
            Send this file instead
          </Button>
        </>
      );
    case "ready":
      return (
        <Button
          variant={isSecondary ? "default" : "filled"}
          onClick={onAdd}
          aria-label={`Add to my records: ${item.name}`}
        >
          Add to my records
        </Button>
      );
  }
}

function ChooseAgain({ item, queue, label }: RowProps & { label: string }): ReactNode {
  return (
    <FileButton onChange={(file) => file !== null && queue.chooseAgain(item.id, file)}>
      {(chooser) => <Button {...chooser}>{label}</Button>}
    </FileButton>
  );
}

/**
 * @module features/identity/succession/vouch-sheet
 * A guardian makes sure who asks: calls, types the digits that are read out, and only then may confirm. The digits are not on this
 * screen, so that nobody confirms by a glance (docs/decisions/0087).
 */
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconPhone } from "@tabler/icons-react";
import { useState, type FormEvent, type ReactNode } from "react";
import type { Ward, WardRequest } from "@carekey/sdk/client";
import { ActStatus } from "../../../components/act.tsx";
import { BeforeSigning } from "../../../components/before-signing.tsx";
import { Sheet } from "../../../components/confirm-sheet.tsx";
import { Notice } from "../../../components/notice.tsx";
import { formatSpan } from "../../../lib/format.ts";
import { useVouch } from "./hooks.ts";
import { GROUPS_TO_TYPE, isRead } from "./words.ts";
import classes from "./succession.module.css";

/** A request about somebody whom this person guards. */
export type WardRequestProps = { ward: Ward; request: WardRequest };

/** The sheet. */
export function VouchSheet({ ward, request, onClose }: WardRequestProps & { onClose: () => void }): ReactNode {
  const act = useVouch(ward);
  const [isChecked, setChecked] = useState(false);
  return (
    <Sheet opened onClose={onClose} title={`Is it really ${ward.name}?`} isBusy={act.isRunning}>
      <Stack gap="md">
        {!isChecked && (
          <Check name={ward.name} fingerprint={request.profile.fingerprint} onRight={() => setChecked(true)} />
        )}
        {isChecked && act.status !== "done" && (
          <BeforeSigning
            title="What will happen"
            points={[
              `You say, for everybody to see, that the new wallet belongs to ${ward.name}.`,
              `When ${ward.threshold} guardians have said so, the old wallet has ${formatSpan(ward.delay)} to object.`,
              "You hand over nothing yet, and you still cannot read anything.",
            ]}
            irreversible="You cannot take your word back. Only the old wallet can."
            confirmLabel={`Yes, it is ${ward.name}`}
            onConfirm={() => void act.run(request.successor)}
            onCancel={onClose}
            isRunning={act.isRunning}
          />
        )}
        <ActStatus act={act} />
        {act.status === "done" && <Button onClick={onClose}>Close</Button>}
      </Stack>
    </Sheet>
  );
}

type CheckProps = { name: string; fingerprint: string; onRight: () => void };

function Check({ name, fingerprint, onRight }: CheckProps): ReactNode {
  const [heard, setHeard] = useState<readonly string[]>(() => Array.from({ length: GROUPS_TO_TYPE }, () => ""));
  const [verdict, setVerdict] = useState<"open" | "missing" | "wrong">("open");
  const check = (event: FormEvent) => {
    event.preventDefault();
    const isRight = isRead(fingerprint, heard);
    if (isRight === true) onRight();
    else setVerdict(isRight === null ? "missing" : "wrong");
  };
  return (
    <form onSubmit={check} noValidate>
      <Stack gap="md">
        <Notice icon={<IconPhone size={24} />} title={`Call ${name}, or meet`}>
          Use a number that you have known for long, never one from the message. Is it the voice you know? Ask something
          that only {name} can answer.
        </Notice>
        <Text>
          Then ask {name} to open Carekey with the new wallet, “Me”, “New wallet”, and to read you the digits there.
          Type the first {GROUPS_TO_TYPE} groups.
        </Text>
        <div className={classes.heard}>
          {heard.map((group, index) => (
            <TextInput
              key={index}
              label={`Group ${index + 1}`}
              inputMode="numeric"
              autoComplete="off"
              maxLength={8}
              value={group}
              onChange={(event) => {
                const typed = event.currentTarget.value;
                setHeard(heard.map((each, at) => (at === index ? typed : each)));
                setVerdict("open");
              }}
            />
          ))}
        </div>
        {verdict === "missing" && (
          <Notice tone="waiting" role="alert" title="Each group has five digits">
            Ask {name} to read them again.
          </Notice>
        )}
        {verdict === "wrong" && (
          <Notice tone="danger" role="alert" icon={<IconAlertTriangle size={24} />} title="These are not the digits">
            Perhaps one was misheard: ask once more. If they still differ, somebody else wrote this. Do not confirm, and
            tell {name} and the other guardians.
          </Notice>
        )}
        <Group>
          <Button type="submit">Compare</Button>
        </Group>
      </Stack>
    </form>
  );
}

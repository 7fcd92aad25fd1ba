/**
 * @module features/identity/notifications-card
 * What the person wants to hear about, and whether by mail. Emergencies are always told.
 */
import { Checkbox, NativeSelect, Stack, Text } from "@mantine/core";
import { useRef, useState, type ReactNode } from "react";
import type { NotificationPreferences, QUIETABLE_KINDS } from "@carekey/sdk/gateway";
import { ActStatus } from "../../components/act.tsx";
import { Card } from "../../components/card.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { useCarekey, type AppRole } from "../../lib/carekey.tsx";
import { useNewsChoices, useSaveNewsChoices } from "../../lib/notifications.ts";

type Quietable = (typeof QUIETABLE_KINDS)[number];

const KIND_WORDS: Readonly<Record<Quietable, string>> = {
  message: "Requests, answers, and what somebody shares with you",
  entry: "Entries that wait for your decision",
  decision: "Decisions about entries that you sent",
  sharing: "Each time something of yours is shared, or stopped",
  licence: "Your licence",
  key: "New keys of your account",
};

/** What can happen to each role, in the order of the boxes. */
const KINDS: Readonly<Record<AppRole, readonly Quietable[]>> = {
  patient: ["message", "entry", "sharing", "key"],
  clinician: ["message", "decision", "licence", "key"],
  organisation: ["message", "licence", "key"],
  registrar: ["message", "key"],
};

const VIEWS: { value: NotificationPreferences["views"]; label: string }[] = [
  { value: "immediate", label: "At once" },
  { value: "daily", label: "Once a day" },
  { value: "off", label: "Not at all" },
];

/** The card. Each change is saved at once. */
export function NotificationsCard(): ReactNode {
  const choices = useNewsChoices();
  return (
    <QueryStates query={choices} label="Loading what you hear about">
      {(data) => <Choices {...data} />}
    </QueryStates>
  );
}

type ChoicesProps = { preferences: NotificationPreferences; canMail: boolean };

function Choices({ preferences, canMail }: ChoicesProps): ReactNode {
  const { role } = useCarekey();
  const save = useSaveNewsChoices();
  // Who turned codes by mail off has no address for notifications any more.
  const saved = { ...preferences, mail: preferences.mail && canMail };
  const [wanted, setWanted] = useState<NotificationPreferences | null>(null);
  const present = wanted ?? saved;
  const latest = useRef<NotificationPreferences | null>(null);
  const change = (changed: Partial<NotificationPreferences>): void => {
    const next = { ...present, ...changed };
    setWanted(next);
    const isSaving = latest.current !== null;
    latest.current = next;
    if (!isSaving) void saveLatest();
  };
  /** One after the other: what is chosen while a choice is being saved is saved after it. */
  const saveLatest = async (): Promise<void> => {
    while (latest.current !== null) {
      const next = latest.current;
      await save.run(next);
      if (latest.current === next) latest.current = null;
    }
    setWanted(null);
  };
  return (
    <Card>
      <Stack gap="md">
        <Text>Emergencies are always told. Choose what else you hear about.</Text>
        {KINDS[role].map((kind) => (
          <Checkbox
            key={kind}
            label={KIND_WORDS[kind]}
            checked={!present.off.includes(kind)}
            onChange={({ currentTarget }) => {
              const others = present.off.filter((each) => each !== kind);
              change({ off: currentTarget.checked ? others : [...others, kind] });
            }}
          />
        ))}
        {role === "patient" && (
          <NativeSelect
            maw={420}
            label="When somebody looked at your records"
            description="Who it was, your own device says once you have opened the list under Activity. What nothing explains is always told."
            value={present.views}
            onChange={({ currentTarget }) => change({ views: viewsOf(currentTarget.value) })}
            data={VIEWS}
          />
        )}
        <Checkbox
          label="Also by mail"
          description={
            canMail
              ? "The mail only says that something waits. It goes to the address of your one-time codes."
              : "Set up one-time codes by mail first: these mails go to the same address."
          }
          checked={present.mail}
          disabled={!canMail}
          onChange={({ currentTarget }) => change({ mail: currentTarget.checked })}
        />
        <ActStatus act={save} hideDone />
      </Stack>
    </Card>
  );
}

function viewsOf(value: string): NotificationPreferences["views"] {
  return VIEWS.find((view) => view.value === value)?.value ?? "immediate";
}

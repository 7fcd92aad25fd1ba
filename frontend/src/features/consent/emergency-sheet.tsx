/**
 * @module features/consent/emergency-sheet
 * Turning emergency access on, or changing it: what opens, after how long, who may stop it, and the words on the card.
 */
import { Button, Checkbox, Group, Radio, Stack, Text, TextInput, Textarea } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { OwnEmergency, OwnRecord } from "@carekey/sdk/client";
import { MAX_EMERGENCY_CONTACTS } from "@carekey/sdk/contracts";
import { ActStatus } from "../../components/act.tsx";
import { BeforeSigning } from "../../components/before-signing.tsx";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { Notice } from "../../components/notice.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { delayWords, openingWords, stopperWords } from "../../lib/emergency-words.ts";
import { formatDate, recordCount, sentenceCase } from "../../lib/format.ts";
import { DELAYS, draftOf, problemOf, takesOut, wishOf, type EmergencyDraft } from "./emergency-draft.ts";
import { useChoosableRecords, useConfigureEmergency } from "./emergency-hooks.ts";
import { HonestWord } from "./honest-word.tsx";

/** Props of {@link EmergencySheet}. */
export type EmergencySheetProps = { emergency: OwnEmergency; onClose: () => void };

/** The sheet. */
export function EmergencySheet({ emergency, onClose }: EmergencySheetProps): ReactNode {
  const records = useChoosableRecords();
  const configure = useConfigureEmergency();
  // What held when the sheet was opened: it must not change under the person's hands.
  const [before] = useState(emergency);
  return (
    <Sheet
      opened
      onClose={onClose}
      title={before.enabled ? "Change emergency access" : "Turn on emergency access"}
      isBusy={configure.isRunning}
    >
      {configure.status === "done" ? (
        <Stack>
          <ActStatus act={configure} />
          <Button onClick={onClose}>Close</Button>
        </Stack>
      ) : (
        <QueryStates query={records} label="Opening your records on this device">
          {(all) => <Form before={before} records={all} configure={configure} onCancel={onClose} />}
        </QueryStates>
      )}
    </Sheet>
  );
}

type FormProps = {
  before: OwnEmergency;
  records: readonly OwnRecord[];
  configure: ReturnType<typeof useConfigureEmergency>;
  onCancel: () => void;
};

function Form({ before, records, configure, onCancel }: FormProps): ReactNode {
  const [draft, setDraft] = useState(() => draftOf(before, records));
  const [isAsked, setAsked] = useState(false);
  const change = (values: Partial<EmergencyDraft>) => setDraft((known) => ({ ...known, ...values }));
  const problem = problemOf(draft);
  const send = () => {
    setAsked(true);
    if (problem === null) void configure.run(wishOf(draft));
  };
  return (
    <Stack gap="lg">
      <HonestWord />
      <RecordChoice draft={draft} records={records} onChange={change} />
      <DelayChoice draft={draft} onChange={change} />
      <Contacts draft={draft} onChange={change} />
      <TextInput
        label="Your name"
        description="Printed on the card and told to your contacts."
        required
        maxLength={200}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <Textarea
        label="What helpers should know (optional)"
        description="Printed on the card for everybody to read. For example: allergic to penicillin; blood group A+."
        autosize
        minRows={2}
        maxLength={1000}
        value={draft.facts}
        onChange={(event) => change({ facts: event.currentTarget.value })}
      />
      {isAsked && problem !== null && (
        <Notice tone="waiting" role="alert">
          {problem}
        </Notice>
      )}
      <BeforeSigning
        title="What will happen"
        points={[
          draft.records.length === 0
            ? "Two clinicians together could open nothing, until you choose a record."
            : `Two clinicians together can open ${recordCount(draft.records.length)} ${openingWords(Number(draft.delay))}.`,
          stopperWords(draft.contacts.length === 0 ? [] : ["your contacts"]),
          ...(takesOut(draft, before) ? ["Taking a record out ends any request that runs now."] : []),
          "Your wallet asks you to confirm the settings, and then the records.",
        ]}
        irreversible="What somebody opens in an emergency cannot be taken back."
        confirmLabel={before.enabled ? "Save" : "Turn it on"}
        onConfirm={send}
        onCancel={onCancel}
        isRunning={configure.isRunning}
      />
      <ActStatus act={configure} />
    </Stack>
  );
}

type PartProps = { draft: EmergencyDraft; onChange: (values: Partial<EmergencyDraft>) => void };

function RecordChoice({ draft, records, onChange }: PartProps & { records: readonly OwnRecord[] }): ReactNode {
  if (records.length === 0) {
    return <Text>You have no records yet. Add one under Records first, for example a list of your medicines.</Text>;
  }
  return (
    <Checkbox.Group
      label="Which records would open?"
      description="The fewer, the better: allergies, medicines, serious illnesses."
      value={draft.records}
      onChange={(chosen) => onChange({ records: chosen })}
    >
      <Stack gap={0} mt={4}>
        {records.map(({ entry, manifest, recordedAt }) => (
          <Checkbox
            key={entry.pointer}
            py={8}
            value={entry.pointer}
            label={manifest?.core.name ?? "A record"}
            description={formatDate(recordedAt)}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function DelayChoice({ draft, onChange }: PartProps): ReactNode {
  const delays = DELAYS.some((delay) => String(delay) === draft.delay) ? DELAYS : [...DELAYS, Number(draft.delay)];
  return (
    <Stack gap="xs">
      <Radio.Group
        label="How long must they wait?"
        description="In this time you or your contacts can stop it."
        value={draft.delay}
        onChange={(delay) => onChange({ delay })}
      >
        <Stack gap={0} mt={4}>
          {delays.map((delay) => (
            <Radio key={delay} py={8} value={String(delay)} label={sentenceCase(delayWords(delay))} />
          ))}
        </Stack>
      </Radio.Group>
      {draft.delay === "0" && (
        <Notice tone="danger" title="Without waiting nobody can stop it before it opens">
          <Checkbox
            mt="xs"
            label="I understand, and want it to open at once"
            checked={draft.acceptsNoDelay}
            onChange={(event) => onChange({ acceptsNoDelay: event.currentTarget.checked })}
          />
        </Notice>
      )}
    </Stack>
  );
}

function Contacts({ draft, onChange }: PartProps): ReactNode {
  const { contacts } = draft;
  const set = (index: number, values: Partial<EmergencyDraft["contacts"][number]>) =>
    onChange({ contacts: contacts.map((each, at) => (at === index ? { ...each, ...values } : each)) });
  return (
    <Stack gap="sm" role="group" aria-label="People who may stop it">
      <div>
        <Text fw={600}>Who else may stop it? (optional)</Text>
        <Text c="dimmed">Somebody you trust who uses Carekey. They are told, and see no record of yours.</Text>
      </div>
      {contacts.map((contact, index) => (
        <Stack key={index} gap={4}>
          <TextInput
            label={`Name of contact ${index + 1}`}
            maxLength={200}
            value={contact.name}
            onChange={(event) => set(index, { name: event.currentTarget.value })}
          />
          <TextInput
            label={`Carekey address of contact ${index + 1}`}
            description="They find it under Me, in the technical details."
            autoComplete="off"
            spellCheck={false}
            value={contact.address}
            onChange={(event) => set(index, { address: event.currentTarget.value })}
          />
          <Group>
            <Button
              variant="subtle"
              color="gray"
              onClick={() => onChange({ contacts: contacts.filter((_, at) => at !== index) })}
            >
              Remove contact {index + 1}
            </Button>
          </Group>
        </Stack>
      ))}
      {contacts.length < MAX_EMERGENCY_CONTACTS && (
        <Group>
          <Button
            variant="default"
            leftSection={<IconUserPlus size={20} aria-hidden />}
            onClick={() => onChange({ contacts: [...contacts, { name: "", address: "" }] })}
          >
            Add a contact
          </Button>
        </Group>
      )}
    </Stack>
  );
}

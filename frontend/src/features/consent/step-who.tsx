/**
 * @module features/consent/step-who
 * Finding the person: by name, speciality or address, with the licence and the digits to compare.
 */
import { Radio, Stack, Text, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { PersonProfile } from "@carekey/sdk/client";
import { Fingerprint } from "../../components/fingerprint.tsx";
import { KeyNotice } from "../../components/key-status.tsx";
import { Notice } from "../../components/notice.tsx";
import { PersonSearch } from "../../components/person-search.tsx";
import { isTrusted, isUnvouched } from "../../lib/trusted-key.ts";
import { useOrganisationsOf } from "./hooks.ts";
import { MAX_NAME, calledBy, mayWrite, type ShareDraft } from "./share-draft.ts";
import classes from "./sharing.module.css";

/** Props of each step. */
export type StepProps = { draft: ShareDraft; onChange: (values: Partial<ShareDraft>) => void };

/** Step one. */
export function StepWho({ draft, onChange }: StepProps): ReactNode {
  const chosen = draft.grantee;
  const choose = (person: PersonProfile) =>
    onChange({ grantee: person, organisation: null, ...(mayWrite(person) ? {} : { canRead: true, canWrite: false }) });
  return (
    <Stack gap="md">
      <PersonSearch label="Search for your doctor" chosen={chosen} onChange={choose} mayBeChosen={mayBeChosen} />
      {chosen !== null && <ChosenPerson person={chosen} draft={draft} onChange={onChange} />}
    </Stack>
  );
}

/** Clinicians and organisations while somebody vouches for them; relatives and friends at the patient's own word. */
function mayBeChosen(person: PersonProfile): boolean {
  return person.verified || isUnvouched(person);
}

type ChosenProps = StepProps & { person: PersonProfile };

function ChosenPerson({ person, draft, onChange }: ChosenProps): ReactNode {
  return (
    <>
      <KeyNotice key={person.address} profile={person} onConfirmed={(grantee) => onChange({ grantee })} />
      {isTrusted(person) && isUnvouched(person) && <Unvouched draft={draft} onChange={onChange} />}
      {isTrusted(person) && <FirstMeeting person={person} name={calledBy({ ...draft, grantee: person })} />}
      {isTrusted(person) && person.identity.role !== 3 && (
        <WorkingFor person={person} draft={draft} onChange={onChange} />
      )}
    </>
  );
}

function Unvouched({ draft, onChange }: StepProps): ReactNode {
  return (
    <>
      <Notice tone="waiting" title="Nobody has checked who this is">
        <Text>
          This account belongs to a private person, such as a relative. Share only if they gave you the address
          themselves. They can read what you choose, and cannot add entries.
        </Text>
      </Notice>
      <TextInput
        label="What do you call this person?"
        description="Only you see this name."
        maxLength={MAX_NAME}
        value={draft.granteeName}
        onChange={(event) => onChange({ granteeName: event.currentTarget.value })}
      />
    </>
  );
}

function WorkingFor({ person, draft, onChange }: ChosenProps): ReactNode {
  const { data = [] } = useOrganisationsOf(person.address);
  if (data.length === 0) return null;
  const choose = (address: string) =>
    onChange({ organisation: data.find(({ organisation }) => organisation.address === address)?.organisation ?? null });
  return (
    <Radio.Group label="Share with them" value={draft.organisation?.address ?? ""} onChange={choose}>
      <div className={classes.options}>
        <Radio value="" label="As a person, wherever they work" className={classes.option} />
        {data.map(({ organisation }) => (
          <Radio
            key={organisation.address}
            value={organisation.address}
            label={`Only while they work for ${organisation.name}`}
            description="It ends by itself on the day they leave"
            className={classes.option}
          />
        ))}
      </div>
    </Radio.Group>
  );
}

function FirstMeeting({ person, name }: { person: PersonProfile; name: string }): ReactNode {
  return (
    <Notice title={`Is this really ${name}?`}>
      <Text>
        {person.keyStatus === "same"
          ? "This is the same key as before."
          : "You share with them for the first time. If you can, ask them to read you these digits, by phone or at your next visit."}
      </Text>
      <Fingerprint value={person.fingerprint} of={name} />
    </Notice>
  );
}

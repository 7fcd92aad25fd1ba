/**
 * @module features/identity/succession/named-person
 * Choosing one person, with a name of one's own for somebody whom nobody vouches for.
 */
import { Text, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { Guardian, PersonProfile } from "@carekey/sdk/client";
import { Fingerprint } from "../../../components/fingerprint.tsx";
import { KeyNotice } from "../../../components/key-status.tsx";
import { Notice } from "../../../components/notice.tsx";
import { PersonSearch, type PersonSearchProps } from "../../../components/person-search.tsx";
import { isTrusted, isUnvouched } from "../../../lib/trusted-key.ts";

const MAX_NAME = 80;

/** What has been chosen so far. */
export type NamedPerson = { profile: PersonProfile | null; ownWord: string };
/** Nothing chosen yet. */
export const NOBODY: NamedPerson = { profile: null, ownWord: "" };

/** What the person is called; empty while that is missing. */
export function calledBy({ profile, ownWord }: NamedPerson): string {
  if (profile === null) return "";
  return isUnvouched(profile) ? ownWord.trim() : profile.name;
}

/** The choice once it is complete, with a key that may be used; else null. */
export function guardianOf(value: NamedPerson): Guardian | null {
  const name = calledBy(value);
  const { profile } = value;
  return profile === null || name === "" || !isTrusted(profile) ? null : { address: profile.address, name };
}

/** Props of {@link NamedPersonFields}. */
export type NamedPersonFieldsProps = Pick<PersonSearchProps, "label" | "mayBeChosen"> & {
  value: NamedPerson;
  onChange: (value: NamedPerson) => void;
};

/** The search, the name, and the digits to compare. */
export function NamedPersonFields({ value, onChange, ...search }: NamedPersonFieldsProps): ReactNode {
  const { profile, ownWord } = value;
  const called = calledBy(value) === "" ? "this person" : calledBy(value);
  const choose = (chosen: PersonProfile) => onChange({ profile: chosen, ownWord: "" });
  return (
    <>
      <PersonSearch {...search} chosen={profile} onChange={choose} />
      {profile !== null && (
        <KeyNotice
          key={profile.address}
          profile={profile}
          onConfirmed={(confirmed) => onChange({ profile: confirmed, ownWord })}
        />
      )}
      {profile !== null && isUnvouched(profile) && (
        <TextInput
          label="How do you call this person?"
          description="Only you see this name."
          maxLength={MAX_NAME}
          value={ownWord}
          onChange={(event) => onChange({ profile, ownWord: event.currentTarget.value })}
        />
      )}
      {profile !== null && isTrusted(profile) && (
        <Notice title={`Is this really ${called}?`}>
          <Text>Ask them to read you these digits. They find them on top of Me.</Text>
          <Fingerprint value={profile.fingerprint} of={called} />
        </Notice>
      )}
    </>
  );
}

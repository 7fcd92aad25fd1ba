/**
 * @module features/consent/step-who
 * Finding the person: by name, speciality or address, with the licence and the digits to compare.
 */
import { Loader, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { PersonProfile } from "@carekey/sdk/client";
import { Fingerprint } from "../../components/fingerprint.tsx";
import { KeyNotice } from "../../components/key-status.tsx";
import { Notice } from "../../components/notice.tsx";
import { PersonName } from "../../components/person-name.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { isTrusted } from "../../lib/trusted-key.ts";
import { useDirectory } from "./hooks.ts";
import type { ShareDraft } from "./share-draft.ts";
import classes from "./sharing.module.css";

/** Props of each step. */
export type StepProps = { draft: ShareDraft; onChange: (values: Partial<ShareDraft>) => void };

/** Step one. */
export function StepWho({ draft, onChange }: StepProps): ReactNode {
  const [query, setQuery] = useState("");
  const [searched] = useDebouncedValue(query.trim(), 250);
  const people = useDirectory(searched);
  const chosen = draft.grantee;
  const choose = (address: string) => {
    const person = people.data?.find((each) => each.address === address);
    if (person !== undefined) onChange({ grantee: person });
  };
  return (
    <Stack gap="md">
      <TextInput
        label="Search for your doctor"
        description="By name, speciality, or address"
        leftSection={<IconSearch size={20} aria-hidden />}
        rightSection={people.isFetching ? <Loader size={18} /> : null}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        data-autofocus
      />
      <QueryStates
        query={people}
        label="Looking in the directory"
        empty={{
          drawing: "search",
          title: "Nobody found",
          text: "Check the spelling, or ask for the person’s address.",
        }}
      >
        {(found) => (
          <Radio.Group aria-label="People in the directory" value={chosen?.address ?? null} onChange={choose}>
            <div className={`${classes.choices} ${classes.people}`}>
              {found.map((person) => (
                <PersonChoice key={person.address} person={person} isChosen={person.address === chosen?.address} />
              ))}
            </div>
          </Radio.Group>
        )}
      </QueryStates>
      {chosen !== null && <ChosenPerson person={chosen} onChange={onChange} />}
    </Stack>
  );
}

function PersonChoice({ person, isChosen }: { person: PersonProfile; isChosen: boolean }): ReactNode {
  return (
    <label className={classes.choice} data-chosen={isChosen || undefined}>
      <Radio value={person.address} size="md" mt={10} disabled={!person.verified} aria-label={person.name} />
      <PersonName address={person.address} profile={person} variant="card" />
    </label>
  );
}

type ChosenProps = { person: PersonProfile; onChange: StepProps["onChange"] };

function ChosenPerson({ person, onChange }: ChosenProps): ReactNode {
  return (
    <>
      <KeyNotice key={person.address} profile={person} onConfirmed={(grantee) => onChange({ grantee })} />
      {isTrusted(person) && <FirstMeeting person={person} />}
    </>
  );
}

function FirstMeeting({ person }: { person: PersonProfile }): ReactNode {
  return (
    <Notice title={`Is this really ${person.name}?`}>
      <Text>
        {person.keyStatus === "same"
          ? "This is the same key as before."
          : "You share with them for the first time. If you can, ask them to read you these digits, by phone or at your next visit."}
      </Text>
      <Fingerprint value={person.fingerprint} of={person.name} />
    </Notice>
  );
}

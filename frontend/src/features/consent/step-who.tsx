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
import { Notice } from "../../components/notice.tsx";
import { PersonName } from "../../components/person-name.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { useDirectory } from "./hooks.ts";
import { isTrusted, type ShareDraft } from "./share-draft.ts";
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
      {chosen !== null && <ChosenPerson person={chosen} />}
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

function ChosenPerson({ person }: { person: PersonProfile }): ReactNode {
  if (!isTrusted(person)) {
    return (
      <Notice tone="danger" role="alert" title={`The key of ${person.name} cannot be trusted`}>
        <Text>
          {person.keyStatus === "changed"
            ? "It is not the key you met before. Compare the digits below with them by phone or in person before you do anything."
            : "The directory gave us a key that is not the registered one. Nothing will be shared with it."}
        </Text>
        <Fingerprint value={person.fingerprint} of={person.name} />
      </Notice>
    );
  }
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

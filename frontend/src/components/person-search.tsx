/**
 * @module components/person-search
 * Finding one person: by name, speciality or address, with the licence and the state of the key.
 */
import { Loader, Radio, Stack, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { PersonProfile } from "@carekey/sdk/client";
import { useDirectory } from "../lib/directory.ts";
import { PersonName } from "./person-name.tsx";
import { QueryStates } from "./query-states.tsx";
import choice from "./choice.module.css";
import classes from "./person-search.module.css";

/** Props of {@link PersonSearch}. `mayBeChosen`: others are shown, but cannot be chosen; by default everybody can. */
export type PersonSearchProps = {
  label: string;
  chosen: PersonProfile | null;
  onChange: (person: PersonProfile) => void;
  mayBeChosen?: (person: PersonProfile) => boolean;
};

/** The search field and who was found. */
export function PersonSearch({ label, chosen, onChange, mayBeChosen = () => true }: PersonSearchProps): ReactNode {
  const [query, setQuery] = useState("");
  const [searched] = useDebouncedValue(query.trim(), 250);
  const people = useDirectory(searched);
  const choose = (address: string) => {
    const person = people.data?.find((each) => each.address === address);
    if (person !== undefined) onChange(person);
  };
  return (
    <Stack gap="md">
      <TextInput
        label={label}
        description="By name, speciality, or address. Your family has no name here: ask them for their address"
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
            <div className={classes.people}>
              {found.map((person) => (
                <PersonChoice
                  key={person.address}
                  person={person}
                  isChosen={person.address === chosen?.address}
                  mayBeChosen={mayBeChosen(person)}
                />
              ))}
            </div>
          </Radio.Group>
        )}
      </QueryStates>
    </Stack>
  );
}

type ChoiceProps = { person: PersonProfile; isChosen: boolean; mayBeChosen: boolean };

function PersonChoice({ person, isChosen, mayBeChosen }: ChoiceProps): ReactNode {
  return (
    <label className={choice.choice} data-chosen={isChosen || undefined}>
      <Radio value={person.address} mt={10} disabled={!mayBeChosen} aria-label={person.name} />
      <PersonName address={person.address} profile={person} variant="card" />
    </label>
  );
}

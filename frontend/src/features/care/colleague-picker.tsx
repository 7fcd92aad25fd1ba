/**
 * @module features/care/colleague-picker
 * Finding the colleague who gives the second word: licensed clinicians by name or speciality.
 */
import { Radio, Stack, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { PersonProfile } from "@carekey/sdk/client";
import { QueryStates } from "../../components/query-states.tsx";
import { useColleagues } from "./emergency-hooks.ts";

/** Props of {@link ColleaguePicker}. */
export type ColleaguePickerProps = { chosen: PersonProfile | null; onChange: (person: PersonProfile) => void };

/** A search and the people found. */
export function ColleaguePicker({ chosen, onChange }: ColleaguePickerProps): ReactNode {
  const [search, setSearch] = useState("");
  const [query] = useDebouncedValue(search.trim(), 250);
  const colleagues = useColleagues(query);
  const choose = (address: string) => {
    const person = colleagues.data?.find((each) => each.address === address);
    if (person !== undefined) onChange(person);
  };
  return (
    <Stack gap="sm">
      <TextInput
        label="Which colleague can confirm it?"
        description="Somebody who knows of this emergency. By name or speciality."
        leftSection={<IconSearch size={20} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <QueryStates
        query={colleagues}
        label="Looking for colleagues"
        empty={{ drawing: "search", title: "Nobody found", text: "Only clinicians with a checked licence are listed." }}
      >
        {(people) => (
          <Radio.Group aria-label="Colleagues" value={chosen?.address ?? null} onChange={choose}>
            <Stack gap={0}>
              {people.map(({ address, name, speciality }) => (
                <Radio key={address} py={8} value={address} label={name} description={speciality} />
              ))}
            </Stack>
          </Radio.Group>
        )}
      </QueryStates>
    </Stack>
  );
}

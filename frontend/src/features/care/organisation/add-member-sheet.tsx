/**
 * @module features/care/organisation/add-member-sheet
 * Choosing who works for the organisation, and until when.
 */
import { Button, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState, type ReactNode } from "react";
import type { PersonProfile } from "@carekey/sdk/client";
import { ActStatus } from "../../../components/act.tsx";
import { BeforeSigning } from "../../../components/before-signing.tsx";
import { Sheet } from "../../../components/confirm-sheet.tsx";
import { QueryStates } from "../../../components/query-states.tsx";
import { dayFromNow, endOfDay } from "../../../lib/days.ts";
import { useAttest, usePeople } from "./hooks.ts";

const USUAL_DAYS = 365;

/** The sheet. */
export function AddMemberSheet({ onClose }: { onClose: () => void }): ReactNode {
  const attest = useAttest();
  const [query, setQuery] = useState("");
  const [searched] = useDebouncedValue(query.trim(), 250);
  const people = usePeople(searched);
  const [member, setMember] = useState<PersonProfile | null>(null);
  const [lastDay, setLastDay] = useState(dayFromNow(USUAL_DAYS));
  const validUntil = endOfDay(lastDay);
  const close = () => {
    if (!attest.isRunning) onClose();
  };
  return (
    <Sheet opened onClose={close} title="Add a member" isBusy={attest.isRunning}>
      {attest.status === "done" ? (
        <Stack>
          <ActStatus act={attest} />
          <Button onClick={close}>Close</Button>
        </Stack>
      ) : (
        <Stack>
          <TextInput
            label="Who works for you?"
            description="By name, speciality or address"
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
            data-autofocus
          />
          <QueryStates
            query={people}
            label="Looking in the directory"
            empty={{ drawing: "search", title: "Nobody found", text: "Check the spelling, or ask for the address." }}
          >
            {(found) => (
              <Radio.Group
                aria-label="People found"
                value={member?.address ?? null}
                onChange={(address) => setMember(found.find((each) => each.address === address) ?? null)}
              >
                {found.map((person) => (
                  <Radio
                    key={person.address}
                    value={person.address}
                    py={10}
                    label={person.name}
                    description={person.speciality}
                  />
                ))}
              </Radio.Group>
            )}
          </QueryStates>
          <TextInput
            type="date"
            label="Last day"
            min={dayFromNow(0)}
            value={lastDay}
            onChange={(event) => setLastDay(event.currentTarget.value)}
          />
          {member !== null && validUntil !== null && (
            <BeforeSigning
              title="What will happen"
              points={[
                `Everybody can see on the network that ${member.name} belongs to you.`,
                "Patients can share with them as your member. You answer for it.",
                "You can end it at any time.",
              ]}
              confirmLabel="Add them"
              isRunning={attest.isRunning}
              onConfirm={() => void attest.run({ member, validUntil })}
              onCancel={close}
            />
          )}
          {validUntil === null && <Text>Choose the last day.</Text>}
          <ActStatus act={attest} />
        </Stack>
      )}
    </Sheet>
  );
}

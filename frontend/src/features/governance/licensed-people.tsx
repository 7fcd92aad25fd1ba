/**
 * @module features/governance/licensed-people
 * Everybody whose licence was confirmed, to suspend and to restore. Each step is confirmed first.
 */
import { Button, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { PersonProfile } from "@carekey/sdk/client";
import { Card, Section } from "../../components/card.tsx";
import { ConfirmSheet } from "../../components/confirm-sheet.tsx";
import { PersonName } from "../../components/person-name.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { OWN_FEE_WORDS } from "../../lib/fees.ts";
import { formatDate } from "../../lib/format.ts";
import { useLicensedPeople, useStanding } from "./hooks.ts";
import classes from "./governance.module.css";

/** The list with its search. */
export function LicensedPeople(): ReactNode {
  const [search, setSearch] = useState("");
  const [query] = useDebouncedValue(search.trim(), 250);
  const people = useLicensedPeople(query);
  const [chosen, setChosen] = useState<PersonProfile | null>(null);
  return (
    <Section title="Licensed people">
      <TextInput
        type="search"
        label="Find a person"
        placeholder="Name or speciality"
        leftSection={<IconSearch size={20} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <QueryStates
        query={people}
        label="Loading people"
        empty={
          query === ""
            ? { drawing: "people", title: "Nobody yet", text: "People whose licence you verify appear here." }
            : { drawing: "search", title: "Nobody found", text: "No licensed person matches these words." }
        }
      >
        {(all) => (
          <ul className={classes.list}>
            {all.map((profile) => (
              <li key={profile.address}>
                <PersonRow profile={profile} onChoose={() => setChosen(profile)} />
              </li>
            ))}
          </ul>
        )}
      </QueryStates>
      {chosen !== null && <StandingSheet key={chosen.address} profile={chosen} onClose={() => setChosen(null)} />}
    </Section>
  );
}

function PersonRow({ profile, onChoose }: { profile: PersonProfile; onChoose: () => void }): ReactNode {
  const { suspended, verifiedUntil } = profile.identity;
  return (
    <Card>
      <div className={classes.row}>
        <div className={classes.words}>
          <PersonName address={profile.address} variant="card" profile={profile} />
          {!suspended && (
            <Text c="dimmed" mt={4}>
              {profile.verified ? "Until" : "Ended"} {formatDate(verifiedUntil)}
            </Text>
          )}
        </div>
        <Button
          variant="default"
          onClick={onChoose}
          aria-label={`${suspended ? "Restore" : "Suspend"} ${profile.name}`}
        >
          {suspended ? "Restore" : "Suspend"}
        </Button>
      </div>
    </Card>
  );
}

function StandingSheet({ profile, onClose }: { profile: PersonProfile; onClose: () => void }): ReactNode {
  const act = useStanding();
  // The step that was asked for stays the one shown, also once the list knows the new state.
  const [isRestored] = useState(profile.identity.suspended);
  const { name, address } = profile;
  return (
    <ConfirmSheet
      opened
      onClose={onClose}
      title={isRestored ? `Restore ${name}` : `Suspend ${name}`}
      act={act}
      points={
        isRestored
          ? [`${name} can open and add records again, where patients allow it.`, "Everybody can see it."]
          : [
              `From the next block on, ${name} cannot open or add any record, whatever patients allowed.`,
              "Everybody can see it. You can restore the licence at any time.",
            ]
      }
      {...(isRestored ? {} : { irreversible: `What ${name} has already read cannot be taken back.` })}
      cost={OWN_FEE_WORDS}
      confirmLabel={isRestored ? "Restore in your wallet" : "Suspend in your wallet"}
      isDanger={!isRestored}
      onConfirm={() => void act.run({ address, name, isRestored })}
    />
  );
}

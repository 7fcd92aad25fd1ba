/**
 * @module features/care/patients-page
 * "My patients": everybody who shares or shared with this clinician, found by name, and the way to ask for more.
 */
import { Badge, Button, Text, TextInput } from "@mantine/core";
import { IconAmbulance, IconSearch, IconUserPlus } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { Section } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { formatAddress, formatList } from "../../lib/format.ts";
import { AskAccessSheet } from "./ask-access-sheet.tsx";
import { patientsOf, searchPatients, untilWords, type PatientOfMine } from "./care-model.ts";
import { useGrants } from "./hooks.ts";
import { PatientKey } from "./patient-key.tsx";
import classes from "./care.module.css";

/** The page of patients. */
export function PatientsPage(): ReactNode {
  const grants = useGrants();
  const [search, setSearch] = useState("");
  const [isAsking, setAsking] = useState(false);
  const ask = (
    <>
      <Button component={Link} to="/emergency" variant="default" leftSection={<IconAmbulance size={20} aria-hidden />}>
        Emergency access
      </Button>
      <Button leftSection={<IconUserPlus size={20} aria-hidden />} onClick={() => setAsking(true)}>
        Ask a patient for access
      </Button>
    </>
  );
  return (
    <Screen title="My patients" intro="People who share records with you." actions={ask}>
      <QueryStates
        query={grants}
        label="Loading your patients"
        empty={{
          drawing: "people",
          title: "Nobody shares with you yet",
          text: "When a patient shares records with you, you find them here. You can also ask a patient for access.",
        }}
      >
        {(all) => (
          <>
            <TextInput
              type="search"
              label="Find a patient"
              placeholder="Name or address"
              leftSection={<IconSearch size={20} aria-hidden />}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
            <PatientList patients={searchPatients(patientsOf(all), search)} />
          </>
        )}
      </QueryStates>
      <AskAccessSheet opened={isAsking} onClose={() => setAsking(false)} />
    </Screen>
  );
}

function PatientList({ patients }: { patients: readonly PatientOfMine[] }): ReactNode {
  const current = patients.filter(({ isCurrent }) => isCurrent);
  const past = patients.filter(({ isCurrent }) => !isCurrent);
  if (patients.length === 0) {
    return <EmptyState drawing="search" title="No patient found" text="Nobody who shares with you is called that." />;
  }
  return (
    <>
      {current.length > 0 && <PatientCards title="Sharing with you now" patients={current} />}
      {past.length > 0 && <PatientCards title="No longer sharing" patients={past} />}
    </>
  );
}

function PatientCards({ title, patients }: { title: string; patients: readonly PatientOfMine[] }): ReactNode {
  return (
    <Section title={title}>
      <ul className={classes.cards}>
        {patients.map((patient) => (
          <li key={patient.address}>
            <PatientCard patient={patient} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** One patient, leading to the chart. */
export function PatientCard({ patient }: { patient: PatientOfMine }): ReactNode {
  return (
    <Link to={`/patients/${patient.address}`} className={classes.patient}>
      <Text fw={600} size="lg" component="h3">
        {patient.name}
      </Text>
      <Text c="dimmed" className="tabular">
        {formatAddress(patient.address)}
      </Text>
      <PatientKey address={patient.address} isBadge />
      <Text mt="xs">{whatIsShared(patient)}</Text>
      {patient.writeUntil !== null && (
        <Badge c="var(--mantine-color-text)" color="teal" mt="xs">
          You may add entries
        </Badge>
      )}
    </Link>
  );
}

/** What may be read until when, in one sentence. */
export function whatIsShared({ scopeLabels, readUntil, writeUntil, isCurrent }: PatientOfMine): string {
  if (readUntil !== null) return `${formatList(scopeLabels)}, until ${untilWords(readUntil)}`;
  if (writeUntil !== null) return `You may add entries until ${untilWords(writeUntil)}, but not read`;
  return isCurrent ? "Begins later" : "Ended";
}

/**
 * @module features/care/patient-chart-page
 * One patient's chart as far as the consent reaches: the consent, the proof, what may be opened, what was written.
 */
import { Button, Text } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useParams } from "react-router";
import type { Address } from "@carekey/sdk/bytes";
import type { ReceivedGrant, SharedChart } from "@carekey/sdk/client";
import { EmptyState } from "../../components/empty-state.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { VerifiedBadge } from "../../components/verified-badge.tsx";
import { isAddress } from "../../lib/address.ts";
import { useCarekey } from "../../lib/carekey.tsx";
import { AccountLine } from "./account-line.tsx";
import { AskAccessSheet } from "./ask-access-sheet.tsx";
import { patientOf, type PatientOfMine } from "./care-model.ts";
import { ChartItems } from "./chart-items.tsx";
import { ConsentBanner } from "./consent-banner.tsx";
import { useGrants, useSharedChart } from "./hooks.ts";
import { NewEntry } from "./new-entry.tsx";
import { OwnEntries } from "./own-entries.tsx";
import { PatientKey } from "./patient-key.tsx";

/** The page of one patient. */
export function PatientChartPage(): ReactNode {
  const { address } = useParams();
  const grants = useGrants();
  if (address === undefined || !isAddress(address)) return <NoSuchPatient />;
  return (
    <QueryStates query={grants} label="Loading the chart">
      {(all) => <PatientChart key={address} patient={address} grants={all} />}
    </QueryStates>
  );
}

/** Relatives come from what is shared with them, everybody else from their list. */
function useBack() {
  return useCarekey().role === "patient"
    ? { to: "/sharing", label: "Sharing" }
    : { to: "/patients", label: "My patients" };
}

function NoSuchPatient(): ReactNode {
  const back = useBack();
  return (
    <Screen title="Patient" back={back}>
      <EmptyState drawing="search" title="No such patient" text="This is not the address of a patient." />
    </Screen>
  );
}

function PatientChart({ patient, grants }: { patient: Address; grants: readonly ReceivedGrant[] }): ReactNode {
  const back = useBack();
  const summary = patientOf(patient, grants);
  const chart = useSharedChart(patient);
  const [isAsking, setAsking] = useState(false);
  const name = summary.name === "" ? "This patient" : summary.name;
  const ask = (
    <Button variant="default" leftSection={<IconUserPlus size={20} aria-hidden />} onClick={() => setAsking(true)}>
      Ask for access
    </Button>
  );
  return (
    <Screen
      title={name}
      back={back}
      actions={summary.writeGrant === null ? ask : <NewEntry grant={summary.writeGrant} patientName={name} />}
    >
      <ConsentBanner
        patient={summary}
        action={summary.writeGrant !== null && summary.readUntil === null ? ask : null}
      />
      <PatientKey address={patient} />
      <QueryStates query={chart} label="Reading the chart">
        {(shared) => <ChartContent shared={shared} patient={summary} name={name} checkedAt={chart.dataUpdatedAt} />}
      </QueryStates>
      <AskAccessSheet opened={isAsking} onClose={() => setAsking(false)} patient={patient} patientName={name} />
    </Screen>
  );
}

type ContentProps = { shared: SharedChart; patient: PatientOfMine; name: string; checkedAt: number };

function ChartContent({ shared, patient, name, checkedAt }: ContentProps): ReactNode {
  return (
    <>
      <VerifiedBadge chart={shared.chart} checkedAt={checkedAt} owner={name} />
      <AccountLine shared={shared} name={name} />
      <ChartItems shared={shared} patient={patient} name={name} />
      {shared.hiddenCount > 0 && patient.readUntil !== null && (
        <Text c="dimmed">
          {shared.hiddenCount === 1 ? "One more record is" : `${shared.hiddenCount} more records are`} not shared with
          you.
        </Text>
      )}
      <OwnEntries entries={shared.ownEntries} patientName={name} />
    </>
  );
}

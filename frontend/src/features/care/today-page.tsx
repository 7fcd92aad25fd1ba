/**
 * @module features/care/today-page
 * What matters to a clinician now: the licence, answers that came, entries that were decided, consents that end soon, what waits.
 */
import { Button, Text } from "@mantine/core";
import { IconCalendarDue, IconClock, IconUsers } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { readChart, type AccessRequest, type ReceivedGrant } from "@carekey/sdk/client";
import { Card, Section } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { formatDate, formatRelative } from "../../lib/format.ts";
import { queryKeys } from "../../lib/query-keys.ts";
import { endingSoon, isSame, patientsOf, type PatientOfMine } from "./care-model.ts";
import { useGrants, useNotices, useSentRequests } from "./hooks.ts";
import { LicenceCard } from "./licence-card.tsx";
import { NoticeRow } from "./notice-row.tsx";
import { PatientName } from "./patient-name.tsx";
import classes from "./care.module.css";

/** News and answers shown here; the inbox has all. */
const SHOWN_NEWS = 5;

/** The first page of a clinician. */
export function TodayPage(): ReactNode {
  const action = (
    <Button component={Link} to="/patients" leftSection={<IconUsers size={20} aria-hidden />}>
      My patients
    </Button>
  );
  return (
    <Screen title="Today" actions={action}>
      <LicenceCard />
      <News />
      <Ending />
      <Waiting />
    </Screen>
  );
}

function News(): ReactNode {
  const notices = useNotices();
  const inbox = (
    <Button component={Link} to="/inbox" variant="subtle">
      Open the inbox
    </Button>
  );
  return (
    <Section title="New for you" action={inbox}>
      <QueryStates
        query={notices}
        label="Loading news"
        empty={{
          drawing: "inbox",
          title: "Nothing new",
          text: "Answers to your requests and decisions on your entries appear here.",
        }}
      >
        {(all) => (
          <ul className={classes.list}>
            {all.slice(0, SHOWN_NEWS).map((notice) => (
              <li key={notice.id}>
                <NoticeRow notice={notice} />
              </li>
            ))}
          </ul>
        )}
      </QueryStates>
    </Section>
  );
}

function Ending(): ReactNode {
  const { carekey } = useCarekey();
  const grants = useGrants();
  const soon = endingSoon(grants.data ?? [], carekey.now());
  if (soon.length === 0) return null;
  return (
    <Section title="Ending soon">
      <ul className={classes.list}>
        {soon.map((grant) => (
          <li key={grant.id}>
            <EndingRow grant={grant} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function EndingRow({ grant }: { grant: ReceivedGrant }): ReactNode {
  const what = grant.terms.rights === 1 ? grant.scopes.map(({ label }) => label).join(", ") : "Adding entries";
  return (
    <Card tone="waiting">
      <div className={classes.row}>
        <IconCalendarDue size={24} aria-hidden />
        <div className={classes.words}>
          <Text fw={600}>{grant.patientName}</Text>
          <Text c="dimmed">
            {what} – ends {formatDate(grant.terms.expiresAt)}
          </Text>
        </div>
        <Button component={Link} to={`/patients/${grant.patient}`} variant="default">
          Open the chart
        </Button>
      </div>
    </Card>
  );
}

function Waiting(): ReactNode {
  const requests = useSentRequests();
  const grants = useGrants();
  const pending = usePendingEntries(patientsOf(grants.data ?? []));
  return (
    <Section title="Waiting for patients">
      <QueryStates query={requests} label="Loading what waits">
        {(all) => {
          const waiting = all.filter(({ status }) => status === "waiting");
          if (waiting.length === 0 && pending.length === 0) {
            return (
              <EmptyState
                drawing="calendar"
                title="Nothing waits"
                text="Requests and entries that a patient has not answered yet appear here."
              />
            );
          }
          return (
            <ul className={classes.list}>
              {pending.map(({ patient, count }) => (
                <li key={patient.address}>
                  <PendingRow patient={patient} count={count} />
                </li>
              ))}
              {waiting.map((request) => (
                <li key={request.id}>
                  <WaitingRequest request={request} />
                </li>
              ))}
            </ul>
          );
        }}
      </QueryStates>
    </Section>
  );
}

/** Own entries that patients have not decided yet, by patient. Reads public acts only. */
function usePendingEntries(patients: readonly PatientOfMine[]): { patient: PatientOfMine; count: number }[] {
  const { carekey, person } = useCarekey();
  const writable = patients.filter(({ grants }) => grants.some(({ terms }) => terms.rights === 2));
  const charts = useQueries({
    queries: writable.map(({ address }) => ({
      queryKey: queryKeys.chart(address),
      queryFn: () => readChart(carekey, address),
      staleTime: 30_000,
    })),
  });
  return writable
    .map((patient, index) => ({
      patient,
      count: (charts[index]?.data?.entries ?? []).filter(
        ({ author, status }) => status === "pending" && isSame(author, person.address),
      ).length,
    }))
    .filter(({ count }) => count > 0);
}

function PendingRow({ patient, count }: { patient: PatientOfMine; count: number }): ReactNode {
  return (
    <Card>
      <div className={classes.row}>
        <IconClock size={24} aria-hidden />
        <div className={classes.words}>
          <Text fw={600}>{patient.name}</Text>
          <Text c="dimmed">
            {count === 1 ? "One entry of yours waits" : `${count} entries of yours wait`} for a decision
          </Text>
        </div>
        <Button component={Link} to={`/patients/${patient.address}`} variant="default">
          Open the chart
        </Button>
      </div>
    </Card>
  );
}

function WaitingRequest({ request }: { request: AccessRequest }): ReactNode {
  return (
    <Card>
      <div className={classes.row}>
        <IconClock size={24} aria-hidden />
        <div className={classes.words}>
          <Text fw={600}>
            Request to <PatientName address={request.patient} />
          </Text>
          <Text c="dimmed">
            “{request.purpose}” – sent {formatRelative(request.sentAt)}
          </Text>
        </div>
      </div>
    </Card>
  );
}

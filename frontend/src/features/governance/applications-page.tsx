/**
 * @module features/governance/applications-page
 * The registrar's desk: applications to check, and the people whose licence is confirmed. No record can be read from here.
 */
import { Badge, Button, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { Application } from "@carekey/sdk/client";
import { Card, Section } from "../../components/card.tsx";
import { KeyBadge } from "../../components/key-status.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { formatDate, formatRelative } from "../../lib/format.ts";
import { ApplicationSheet } from "./application-sheet.tsx";
import { useApplications } from "./hooks.ts";
import { LicensedPeople } from "./licensed-people.tsx";
import classes from "./governance.module.css";

/** The page. */
export function ApplicationsPage(): ReactNode {
  const applications = useApplications();
  const [openId, setOpenId] = useState<string | null>(null);
  const open = applications.data?.find(({ id }) => id === openId) ?? null;
  return (
    <Screen
      title="Applications"
      intro="Check who may work with patients’ records. You cannot read any record yourself."
    >
      <QueryStates
        query={applications}
        label="Loading applications"
        empty={{
          drawing: "inbox",
          title: "No applications",
          text: "When a clinician applies, the application appears here.",
        }}
      >
        {(all) => <ApplicationLists applications={all} onOpen={setOpenId} />}
      </QueryStates>
      <LicensedPeople />
      {open !== null && <ApplicationSheet key={open.id} application={open} onClose={() => setOpenId(null)} />}
    </Screen>
  );
}

type ListsProps = { applications: readonly Application[]; onOpen: (id: string) => void };

function ApplicationLists({ applications, onOpen }: ListsProps): ReactNode {
  const waiting = applications.filter(({ status }) => status === "waiting");
  const decided = applications.filter(({ status }) => status !== "waiting");
  return (
    <>
      <Section title="Waiting for you">
        {waiting.length === 0 ? (
          <Text c="dimmed">Nothing waits. Every application has been decided.</Text>
        ) : (
          <ApplicationList applications={waiting} onOpen={onOpen} />
        )}
      </Section>
      {decided.length > 0 && (
        <Section title="Decided">
          <ApplicationList applications={decided} onOpen={onOpen} />
        </Section>
      )}
    </>
  );
}

const states = {
  waiting: { color: "yellow", label: "Waiting for you" },
  verified: { color: "green", label: "Verified" },
  rejected: { color: "gray", label: "Rejected" },
  suspended: { color: "red", label: "Suspended" },
} as const;

function ApplicationList({ applications, onOpen }: ListsProps): ReactNode {
  return (
    <ul className={classes.list}>
      {applications.map((application) => (
        <li key={application.id}>
          <Card tone={application.status === "waiting" ? "waiting" : "plain"}>
            <div className={classes.row}>
              <div className={classes.words}>
                <Text fw={600} component="h3">
                  {application.name}
                </Text>
                <Text c="dimmed">
                  {application.speciality} · sent {formatRelative(application.sentAt)}
                  {application.status === "verified" &&
                    ` · until ${formatDate(application.fromProfile.identity.verifiedUntil)}`}
                </Text>
                <KeyBadge profile={application.fromProfile} />
                {application.reason !== null && <Text>“{application.reason}”</Text>}
              </div>
              <Badge c="var(--mantine-color-text)" color={states[application.status].color}>
                {states[application.status].label}
              </Badge>
              <Button
                variant={application.status === "waiting" ? "filled" : "default"}
                onClick={() => onOpen(application.id)}
                aria-label={`Open the application of ${application.name}`}
              >
                Open
              </Button>
            </div>
          </Card>
        </li>
      ))}
    </ul>
  );
}

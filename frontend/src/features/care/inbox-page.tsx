/**
 * @module features/care/inbox-page
 * Everything that came back: grants, decisions, refusals, the registrar's answer; and the requests that were sent.
 */
import { Badge, Button, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { SCOPES } from "@carekey/sdk/consent";
import type { AccessRequest } from "@carekey/sdk/client";
import { Card, Section } from "../../components/card.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { formatDate, formatList, formatRelative } from "../../lib/format.ts";
import { AskAccessSheet } from "./ask-access-sheet.tsx";
import { useNotices, useSentRequests } from "./hooks.ts";
import { NoticeRow } from "./notice-row.tsx";
import { PatientName } from "./patient-name.tsx";
import classes from "./care.module.css";

/** The inbox of a clinician. */
export function InboxPage(): ReactNode {
  const notices = useNotices();
  const requests = useSentRequests();
  return (
    <Screen title="Inbox" intro="Answers from patients and from the registrar.">
      <QueryStates
        query={notices}
        label="Loading your inbox"
        empty={{
          drawing: "inbox",
          title: "Your inbox is empty",
          text: "When a patient shares with you, answers a request or decides about an entry, it appears here.",
        }}
      >
        {(all) => (
          <ul className={classes.list}>
            {all.map((notice) => (
              <li key={notice.id}>
                <NoticeRow notice={notice} />
              </li>
            ))}
          </ul>
        )}
      </QueryStates>
      <Section title="Requests you sent">
        <QueryStates
          query={requests}
          label="Loading your requests"
          empty={{ drawing: "sharing", title: "No requests yet", text: "Under My patients you can ask for access." }}
        >
          {(sent) => (
            <ul className={classes.list}>
              {sent.map((request) => (
                <li key={request.id}>
                  <RequestRow request={request} />
                </li>
              ))}
            </ul>
          )}
        </QueryStates>
      </Section>
    </Screen>
  );
}

const states = {
  waiting: { color: "yellow", label: "Waiting for an answer" },
  approved: { color: "green", label: "Shared with you" },
  refused: { color: "gray", label: "Refused" },
} as const;

function RequestRow({ request }: { request: AccessRequest }): ReactNode {
  const [isAsking, setAsking] = useState(false);
  const { color, label } = states[request.status];
  const scopes = SCOPES.filter(({ name }) => request.scopes.includes(name)).map((scope) => scope.label);
  const what = [...scopes, ...(request.rights.includes("write") ? ["Adding entries"] : [])];
  return (
    <Card>
      <div className={classes.row}>
        <div className={classes.words}>
          <Text fw={600}>
            <PatientName address={request.patient} />
          </Text>
          <Text>
            {formatList(what)}, until {formatDate(request.expiresAt)}
          </Text>
          <Text c="dimmed">
            “{request.purpose}” – sent {formatRelative(request.sentAt)}
          </Text>
          {request.reason !== null && <Text>Answer: “{request.reason}”</Text>}
        </div>
        <Badge c="var(--mantine-color-text)" color={color}>
          {label}
        </Badge>
        {request.status === "refused" && (
          <Button variant="default" onClick={() => setAsking(true)}>
            Ask again
          </Button>
        )}
      </div>
      <AskAccessSheet opened={isAsking} onClose={() => setAsking(false)} patient={request.patient} />
    </Card>
  );
}

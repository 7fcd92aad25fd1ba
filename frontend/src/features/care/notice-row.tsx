/**
 * @module features/care/notice-row
 * One piece of news: who did what, when, why, and the way to it.
 */
import { Button, Text } from "@mantine/core";
import { IconCircleCheck, IconHandStop, IconId, IconShare3 } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Notice } from "@carekey/sdk/client";
import { Card } from "../../components/card.tsx";
import { formatRelative } from "../../lib/format.ts";
import { PatientName } from "./patient-name.tsx";
import classes from "./care.module.css";

const icons: Readonly<Record<Notice["kind"], typeof IconId>> = {
  decision: IconCircleCheck,
  refusal: IconHandStop,
  grant: IconShare3,
  revoke: IconHandStop,
  "application-decision": IconId,
};

/** A card that says what happened. */
export function NoticeRow({ notice }: { notice: Notice }): ReactNode {
  const Icon = icons[notice.kind];
  return (
    <Card>
      <div className={classes.row}>
        <Icon size={24} aria-hidden />
        <div className={classes.words}>
          <Text>
            <strong>
              <PatientName address={notice.from} profile={notice.fromProfile} />
            </strong>{" "}
            {notice.text}
          </Text>
          {notice.reason !== null && <Text>“{notice.reason}”</Text>}
          <Text c="dimmed" component="time" dateTime={new Date(notice.at * 1000).toISOString()}>
            {formatRelative(notice.at)}
          </Text>
        </div>
        {notice.patient !== null && notice.kind !== "refusal" && (
          <Button component={Link} to={`/patients/${notice.patient}`} variant="default">
            Open the chart
          </Button>
        )}
      </div>
    </Card>
  );
}

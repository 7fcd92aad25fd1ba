/**
 * @module features/records/record-row
 * One record in the timeline: what, by whom, when, and under which part of the chart.
 */
import { Badge } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { OwnRecord } from "@carekey/sdk/client";
import { formatDate } from "../../lib/format.ts";
import { KindIcon } from "./kind-icon.tsx";
import { dateOf, kindOf, standingOf, timelineKindLabels, titleOf } from "./record-model.ts";
import { scopeLabel } from "./scope-select.tsx";
import classes from "./timeline.module.css";

/** Props of {@link RecordRow}. */
export type RecordRowProps = { record: OwnRecord; authorName: string; isSuspect?: boolean };

/** A row that leads to the record. */
export function RecordRow({ record, authorName, isSuspect = false }: RecordRowProps): ReactNode {
  const kind = kindOf(record.manifest);
  const date = dateOf(record);
  const standing = standingOf(record);
  return (
    <Link
      to={`/records/${record.entry.entryId}`}
      className={classes.row}
      data-faded={standing === "replaced" || standing === "denied" || undefined}
    >
      <KindIcon kind={kind} />
      <span className={classes.words}>
        <span className={classes.title}>{titleOf(record)}</span>
        <br />
        <span className={classes.facts}>
          {[timelineKindLabels[kind], authorName, record.scope === null ? null : scopeLabel(record.scope)]
            .filter((fact) => fact !== null)
            .join(" · ")}
        </span>
        <RowBadges record={record} isSuspect={isSuspect} />
      </span>
      <time className={classes.date} dateTime={new Date(date * 1000).toISOString()}>
        {formatDate(date)}
      </time>
    </Link>
  );
}

function RowBadges({ record, isSuspect }: { record: OwnRecord; isSuspect: boolean }): ReactNode {
  const standing = standingOf(record);
  const hasPrevious = standing === "current" && record.entry.supersedes !== null;
  if (standing === "current" && !hasPrevious && !isSuspect && record.problem === null) return null;
  return (
    <span className={classes.badges}>
      {isSuspect && (
        <Badge color="red" component="span" leftSection={<IconAlertTriangle size={16} aria-hidden />}>
          Does not match what is registered
        </Badge>
      )}
      {record.problem !== null && (
        <Badge color="yellow" component="span">
          Could not be opened
        </Badge>
      )}
      {standing === "waiting" && (
        <Badge color="yellow" component="span">
          Waiting for you
        </Badge>
      )}
      {standing === "denied" && (
        <Badge color="gray" component="span">
          You refused this
        </Badge>
      )}
      {standing === "replaced" && (
        <Badge color="gray" component="span">
          Replaced by a newer version
        </Badge>
      )}
      {hasPrevious && (
        <Badge color="gray" component="span">
          Newer version
        </Badge>
      )}
    </span>
  );
}

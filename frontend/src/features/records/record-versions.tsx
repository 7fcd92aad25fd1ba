/**
 * @module features/records/record-versions
 * All versions of a record, dated; the newest stands, the others stay to be read.
 */
import { Badge, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Hex } from "@carekey/sdk/bytes";
import type { OwnRecord } from "@carekey/sdk/client";
import { Card } from "../../components/card.tsx";
import { formatDateTime } from "../../lib/format.ts";
import { AuthorName } from "./author-name.tsx";
import { standingOf, titleOf } from "./record-model.ts";
import classes from "./record-page.module.css";

const marks = {
  current: { color: "teal", text: "Stands today" },
  replaced: { color: "gray", text: "Older version" },
  waiting: { color: "yellow", text: "Waiting for you" },
  denied: { color: "gray", text: "You refused this" },
} as const;

/** Props of {@link RecordVersions}. */
export type RecordVersionsProps = { versions: readonly OwnRecord[]; shown: Hex };

/** The versions, newest first. */
export function RecordVersions({ versions, shown }: RecordVersionsProps): ReactNode {
  if (versions.length < 2) {
    return (
      <Text c="dimmed">There is one version. A newer one can take its place; this one then stays in your history.</Text>
    );
  }
  return (
    <Card padding="none">
      <ol className={classes.list}>
        {versions.map((version) => (
          <li key={version.entry.entryId} className={classes.line}>
            <div className={classes.words}>
              {version.entry.entryId === shown ? (
                <Text fw={600}>{titleOf(version)} (shown above)</Text>
              ) : (
                <Link className={classes.link} to={`/records/${version.entry.entryId}`}>
                  {titleOf(version)}
                </Link>
              )}
              <Text c="dimmed" component="div">
                {formatDateTime(version.recordedAt)} · by <AuthorName address={version.entry.author} />
              </Text>
            </div>
            <Badge color={marks[standingOf(version)].color}>{marks[standingOf(version)].text}</Badge>
          </li>
        ))}
      </ol>
    </Card>
  );
}

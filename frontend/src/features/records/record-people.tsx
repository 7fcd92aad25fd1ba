/**
 * @module features/records/record-people
 * Who can open this record today, and who has.
 */
import { Anchor, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Consent, OwnRecord, View } from "@carekey/sdk/client";
import { Card, Section } from "../../components/card.tsx";
import { PersonName } from "../../components/person-name.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { endWords } from "../../lib/consent-end.ts";
import { formatRelative } from "../../lib/format.ts";
import { useAccessLog } from "../../lib/access-log.ts";
import { useRecordConsents } from "./hooks.ts";
import { lastViewBy, readersOf } from "./record-readers.ts";
import { scopeLabel } from "./scope-select.tsx";
import classes from "./record-page.module.css";

/** The section "Who can see this". */
export function RecordPeople({ record }: { record: OwnRecord }): ReactNode {
  const consents = useRecordConsents();
  const { log } = useAccessLog();
  return (
    <Section
      title="Who can see this"
      action={
        <Group gap="md">
          {record.manifest !== null && (
            <Anchor component={Link} to={`/sharing?record=${record.entry.entryId}`} className={classes.link}>
              Share this record
            </Anchor>
          )}
          <Anchor component={Link} to="/sharing" className={classes.link}>
            Change what you share
          </Anchor>
        </Group>
      }
    >
      <QueryStates query={consents} label="Looking up with whom you share">
        {(all) => <Readers record={record} readers={readersOf(record, all)} views={log.data?.views ?? null} />}
      </QueryStates>
    </Section>
  );
}

type ReadersProps = { record: OwnRecord; readers: readonly Consent[]; views: readonly View[] | null };

function Readers({ record, readers, views }: ReadersProps): ReactNode {
  if (readers.length === 0) return <Text>Only you.</Text>;
  return (
    <Card padding="none">
      <ul className={classes.list}>
        {readers.map((consent) => {
          const view = views === null ? null : lastViewBy(views, consent.terms.grantee, record.entry.entryId);
          return (
            <li key={consent.id} className={classes.line}>
              <div className={classes.words}>
                <PersonName address={consent.terms.grantee} profile={consent.grantee} variant="line" />
                <Text c="dimmed">
                  {consent.record === null
                    ? `Because you share ${scopeLabel(record.scope)}`
                    : "Because you share this record alone"}
                  , until {endWords(consent.terms, "you")}
                </Text>
              </div>
              {views !== null && (
                <Text c="dimmed">{view === null ? "Has not opened it" : `Opened it ${formatRelative(view.at)}`}</Text>
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

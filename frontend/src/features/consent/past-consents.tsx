/**
 * @module features/consent/past-consents
 * What was shared before: how it ended, and what had been opened until then, which no one can take back.
 */
import { Anchor, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Consent, View } from "@carekey/sdk/client";
import { WRITE } from "@carekey/sdk/consent";
import { Card, Section } from "../../components/card.tsx";
import { PersonName } from "../../components/person-name.tsx";
import { TechnicalDetails } from "../../components/technical-details.tsx";
import { formatDate, formatDateTime, recordCount } from "../../lib/format.ts";
import { closedWords, endOf, endWords, openedUnder, rightsWords } from "./consent-words.ts";
import { useClosedCount } from "./use-closed-count.ts";
import classes from "./sharing.module.css";

/** Props of {@link PastConsents}; `views` is null until the access log is open. */
export type PastConsentsProps = { consents: readonly Consent[]; views: readonly View[] | null; action: ReactNode };

/** The section. */
export function PastConsents({ consents, views, action }: PastConsentsProps): ReactNode {
  return (
    <Section title="Shared before" action={action}>
      <Card padding="none">
        <ul className={classes.list}>
          {consents.map((consent) => (
            <li key={consent.id} className={classes.past}>
              <PersonName address={consent.terms.grantee} profile={consent.grantee} variant="line" />
              <Text>{rightsWords(consent).replace(/^Can /, "Could ")}</Text>
              <Text c="dimmed">{endWords(consent)}</Text>
              {views !== null && consent.terms.rights !== WRITE && <Meter consent={consent} views={views} />}
              <TechnicalDetails facts={[{ label: "Consent id", value: consent.id, copy: consent.id }]} />
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  );
}

/** What is closed since when, and what had been opened before: the one cannot be opened, the other cannot be taken back. */
function Meter({ consent, views }: { consent: Consent; views: readonly View[] }): ReactNode {
  const { name } = consent.grantee;
  const opened = openedUnder(consent, views);
  const since = formatDate(endOf(consent));
  const closed = useClosedCount(consent, opened);
  return (
    <>
      <Text>{closedWords(closed, since, name)}</Text>
      {opened.length === 0 ? (
        <Text>Nothing had been opened before.</Text>
      ) : (
        <>
          <Text>Opened before it ended, and not to be taken back: {recordCount(opened.length)}.</Text>
          <ul className={classes.opened}>
            {opened.map((view) => (
              <li key={view.recordId}>
                {view.entryId === null ? (
                  (view.title ?? "A record")
                ) : (
                  <Anchor component={Link} to={`/records/${view.entryId}`} inherit>
                    {view.title ?? "A record"}
                  </Anchor>
                )}
                , {formatDateTime(view.at)}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/**
 * @module features/consent/past-consents
 * What was shared before: how it ended, and what had been opened until then, which no one can take back.
 */
import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Consent, View } from "@carekey/sdk/client";
import { WRITE } from "@carekey/sdk/consent";
import { Card, Section } from "../../components/card.tsx";
import { PersonName } from "../../components/person-name.tsx";
import { TechnicalDetails } from "../../components/technical-details.tsx";
import { formatDateTime } from "../../lib/format.ts";
import { endWords, openedUnder, rightsWords } from "./consent-words.ts";
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
              {views !== null && consent.terms.rights !== WRITE && (
                <Opened opened={openedUnder(consent, views)} name={consent.grantee.name} />
              )}
              <TechnicalDetails facts={[{ label: "Consent id", value: consent.id, copy: consent.id }]} />
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  );
}

function Opened({ opened, name }: { opened: readonly View[]; name: string }): ReactNode {
  if (opened.length === 0) {
    return <Text>Closed for {name}: everything. Nothing had been opened.</Text>;
  }
  return (
    <>
      <Text>
        Opened before it ended, and not to be taken back:{" "}
        {opened.length === 1 ? "one record" : `${opened.length} records`}. Everything else is closed for {name}.
      </Text>
      <ul className={classes.opened}>
        {opened.map((view) => (
          <li key={view.recordId}>
            {view.entryId === null ? (
              (view.title ?? "A record")
            ) : (
              <Link to={`/records/${view.entryId}`}>{view.title ?? "A record"}</Link>
            )}
            , {formatDateTime(view.at)}
          </li>
        ))}
      </ul>
    </>
  );
}

/**
 * @module features/consent/person-card
 * One person and everything they may do now, each with its own way to stop it.
 */
import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Consent, View } from "@carekey/sdk/client";
import { READ } from "@carekey/sdk/consent";
import { Card } from "../../components/card.tsx";
import { Fingerprint } from "../../components/fingerprint.tsx";
import { KeyNotice } from "../../components/key-status.tsx";
import { PersonName } from "../../components/person-name.tsx";
import { TechnicalDetails } from "../../components/technical-details.tsx";
import { formatRelative } from "../../lib/format.ts";
import { useViewsLeft } from "../../lib/view-session.ts";
import {
  asksForCode,
  openedUnder,
  rightsWords,
  viewsLeftWords,
  windowWords,
  type PersonConsents,
} from "./consent-words.ts";
import { useHalfStopped } from "./half-stopped.ts";
import { OneRecord } from "./one-record.tsx";
import classes from "./sharing.module.css";

/** Props of {@link PersonCard}; `views` is null until the access log is open. */
export type PersonCardProps = {
  person: PersonConsents;
  views: readonly View[] | null;
  onStop: (consent: Consent) => void;
};

/** The card. */
export function PersonCard({ person, views, onStop }: PersonCardProps): ReactNode {
  const { grantee, consents } = person;
  const halfStopped = useHalfStopped();
  return (
    <Card label={grantee.name}>
      <Stack gap="md">
        <PersonName address={grantee.address} profile={grantee} variant="card" />
        <KeyNotice profile={grantee} />
        <ul className={classes.list}>
          {consents.map((consent) => {
            const isHalfStopped = halfStopped.includes(consent.id);
            const verb = isHalfStopped ? "Finish stopping" : "Stop sharing";
            return (
              <li key={consent.id} className={classes.consent}>
                <ConsentFacts consent={consent} views={views} isHalfStopped={isHalfStopped} />
                <Button
                  variant="default"
                  leftSection={<IconHandStop size={20} aria-hidden />}
                  onClick={() => onStop(consent)}
                  aria-label={`${verb} with ${grantee.name}: ${rightsWords(consent)}`}
                >
                  {verb}
                </Button>
              </li>
            );
          })}
        </ul>
        <PersonDetails person={person} />
      </Stack>
    </Card>
  );
}

/** The person's key to compare, and what the chain and the keepers know each consent by. */
function PersonDetails({ person: { grantee, consents } }: { person: PersonConsents }): ReactNode {
  const nameOf = (fact: string, index: number) => (consents.length === 1 ? fact : `${fact} (${index + 1})`);
  return (
    <TechnicalDetails
      lead={
        <div>
          <Text fw={600}>Key fingerprint</Text>
          <Fingerprint value={grantee.fingerprint} of={grantee.name} />
          <Text c="dimmed">
            {grantee.name} finds the same digits under Me. Compare them by phone or when you meet, and you know that
            what you share is sealed for this person alone.
          </Text>
        </div>
      }
      facts={[
        { label: "Address", value: grantee.address, copy: grantee.address },
        ...consents.flatMap(({ id, terms }, index) => [
          { label: nameOf("Consent id", index), value: id, copy: id },
          { label: nameOf("Scope tags", index), value: terms.scopes.join(" ") },
          { label: nameOf("From epoch", index), value: String(terms.fromEpoch) },
        ]),
      ]}
    />
  );
}

type ConsentFactsProps = { consent: Consent; views: readonly View[] | null; isHalfStopped: boolean };

function ConsentFacts({ consent, views, isHalfStopped }: ConsentFactsProps): ReactNode {
  const { maxViews } = consent.terms;
  const left = useViewsLeft(consent.terms);
  return (
    <div className={classes.words}>
      <Group gap="xs">
        <Text fw={600}>{rightsWords(consent)}</Text>
        {consent.status === "not-yet" && <Badge color="yellow">Not yet</Badge>}
        {isHalfStopped && <Badge color="yellow">Closed, not finished</Badge>}
      </Group>
      {isHalfStopped && (
        <Text>The keepers open nothing more of this. Finish it, so that the network knows it, too.</Text>
      )}
      {consent.record !== null && <OneRecord pointer={consent.record} />}
      {consent.organisation !== null && (
        <Text>Only while working for {consent.organisation.name}. It ends by itself when they leave.</Text>
      )}
      <Text>{windowWords(consent)}</Text>
      {consent.terms.about.purpose !== "" && <Text c="dimmed">Why: {consent.terms.about.purpose}</Text>}
      {views !== null && consent.terms.rights === READ && <Text c="dimmed">{lastViewWords(consent, views)}</Text>}
      {asksForCode(consent) && <Text c="dimmed">With a one-time code</Text>}
      {maxViews > 0 && <Text fw={600}>{viewsLeftWords(left, maxViews)}</Text>}
    </div>
  );
}

function lastViewWords(consent: Consent, views: readonly View[]): string {
  const last = openedUnder(consent, views)[0];
  return last === undefined ? "Has not opened anything yet" : `Last looked ${formatRelative(last.at)}`;
}

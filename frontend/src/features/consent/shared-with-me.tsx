/**
 * @module features/consent/shared-with-me
 * People who share their records with this person, such as a relative. Nothing while nobody does.
 */
import { Anchor, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { READ } from "@carekey/sdk/consent";
import { Card, Section } from "../../components/card.tsx";
import { endWords } from "../../lib/consent-end.ts";
import { formatList } from "../../lib/format.ts";
import { useSharedWithMe } from "./hooks.ts";
import classes from "./sharing.module.css";

/** The section. */
export function SharedWithMe(): ReactNode {
  const grants = useSharedWithMe();
  const active = (grants.data ?? []).filter(({ status, terms }) => status === "active" && terms.rights === READ);
  if (active.length === 0) return null;
  return (
    <Section title="Shared with you">
      <Card padding="none">
        <ul className={classes.list}>
          {active.map((grant) => (
            <li key={grant.id} className={classes.past}>
              <Anchor component={Link} to={`/patients/${grant.patient}`}>
                {grant.patientName}
              </Anchor>
              <Text c="dimmed">
                {formatList(grant.scopes.map(({ label }) => label))}, until {endWords(grant.terms, "the patient")}
              </Text>
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  );
}

/**
 * @module features/care/organisation/organisation-page
 * A hospital, laboratory or insurer: its licence, who works for it, and the numbers that it gave out.
 */
import type { ReactNode } from "react";
import { CheckIdentifier } from "../../../components/check-identifier.tsx";
import { Section } from "../../../components/card.tsx";
import { Screen } from "../../../components/screen.tsx";
import { useOwnProfile } from "../hooks.ts";
import { LicenceCard } from "../licence-card.tsx";
import { Identifiers } from "./identifiers.tsx";
import { Members } from "./members.tsx";

/** The page. */
export function OrganisationPage(): ReactNode {
  const profile = useOwnProfile();
  const isVerified = profile.data?.verified === true;
  return (
    <Screen title="Organisation" intro="Who works for you, and the numbers you gave to your patients.">
      <LicenceCard />
      <Members canAct={isVerified} />
      <Identifiers canAct={isVerified} />
      <Section title="Check a number">
        <CheckIdentifier />
      </Section>
    </Screen>
  );
}

/**
 * @module features/identity/me-page
 * Keys and recovery, keepers, fingerprint, appearance, and the ways out.
 */
import { Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { personQuery } from "../../components/person-name.tsx";
import { Card, Section } from "../../components/card.tsx";
import { Fingerprint } from "../../components/fingerprint.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { TechnicalDetails } from "../../components/technical-details.tsx";
import { ThemeSwitch } from "../../components/theme-switch.tsx";
import { LicenceBadge } from "../../components/verified-badge.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { IDLE_CHOICES, useIdleMinutes } from "../../lib/idle-minutes.ts";
import { useForgetWallet } from "../../lib/wallet/use-wallet.ts";
import { CodesCard } from "./codes-card.tsx";
import { useSignOut } from "./hooks.ts";
import { EmergencyAccess } from "./emergency-access.tsx";
import { IdentifiersCard } from "./identifiers-card.tsx";
import { KeepersCard } from "./keepers-card.tsx";
import { NewKeysCard } from "./new-keys-card.tsx";
import { NotificationsCard } from "./notifications-card.tsx";
import { SessionsCard } from "./sessions-card.tsx";
import { GuardiansCard } from "./succession/guardians-card.tsx";
import { MoveCard } from "./succession/move-card.tsx";
import { WardsSection } from "./succession/wards-card.tsx";
import { WaysToUnlock } from "./ways-to-unlock.tsx";

/** The page of one's own account. */
export function MePage(): ReactNode {
  const { role } = useCarekey();
  return (
    <Screen title="Me" intro="Your keys, this device, and how Carekey looks.">
      <Identity />
      <Section title="Ways to unlock">
        <WaysToUnlock />
      </Section>
      <Section title="New keys">
        <NewKeysCard />
      </Section>
      <WardsSection />
      {role === "patient" && (
        <Section title="Guardians">
          <GuardiansCard />
        </Section>
      )}
      {role === "patient" && (
        <Section title="New wallet">
          <MoveCard />
        </Section>
      )}
      {role === "patient" && (
        <Section title="Emergency access">
          <EmergencyAccess />
        </Section>
      )}
      {role === "patient" && (
        <Section title="Keepers">
          <KeepersCard />
        </Section>
      )}
      {role === "patient" && (
        <Section title="Your numbers">
          <IdentifiersCard />
        </Section>
      )}
      <Section title="One-time codes">
        <CodesCard />
      </Section>
      <Section title="Notifications">
        <NotificationsCard />
      </Section>
      <Section title="Where you are signed in">
        <SessionsCard />
      </Section>
      <Section title="Appearance">
        <Card>
          <ThemeSwitch />
        </Card>
      </Section>
      <Section title="This device">
        <ThisDevice />
      </Section>
    </Screen>
  );
}

function Identity(): ReactNode {
  const viewer = useCarekey();
  const { carekey, person, role } = viewer;
  const query = useQuery(personQuery(viewer, person.address));
  return (
    <QueryStates query={query} label="Loading your account">
      {(profile) => (
        <Card>
          <Stack gap="sm">
            {role !== "patient" && (
              <Group gap="sm">
                <Text fw={600} size="lg">
                  {profile.name}
                </Text>
                {role !== "registrar" && <LicenceBadge profile={profile} />}
              </Group>
            )}
            {profile.speciality !== null && profile.speciality !== "" && <Text c="dimmed">{profile.speciality}</Text>}
            <div>
              <Text fw={600}>Your fingerprint</Text>
              <Text c="dimmed" mb={8}>
                Read it to somebody by phone, and they know that they hold your true key.
              </Text>
              <Fingerprint value={profile.fingerprint} />
            </div>
            <TechnicalDetails
              facts={[
                { label: "Account", value: person.address, copy: person.address },
                { label: "Key document", value: person.keyDocumentDigest, copy: person.keyDocumentDigest },
                { label: "Generation of the keys", value: String(person.generation) },
                { label: "Contract", value: carekey.deployment.carekey, copy: carekey.deployment.carekey },
                { label: "Network", value: String(carekey.deployment.chainId) },
              ]}
            />
          </Stack>
        </Card>
      )}
    </QueryStates>
  );
}

function ThisDevice(): ReactNode {
  const { carekey, lock } = useCarekey();
  const forget = useForgetWallet();
  const signOut = useSignOut(carekey, lock);
  const [minutes, setMinutes] = useIdleMinutes();
  return (
    <Card>
      <Stack gap="md">
        <Text>Your keys are in this tab’s memory until you lock it. Unused for an hour, you are signed out, too.</Text>
        <NativeSelect
          label="Lock by itself after"
          maw={320}
          data={IDLE_CHOICES.map((choice) => ({ value: String(choice), label: `${choice} minutes` }))}
          value={String(minutes)}
          onChange={(event) => setMinutes(Number(event.currentTarget.value))}
        />
        <Group gap="sm">
          <Button variant="default" onClick={lock}>
            Lock now
          </Button>
          <Button variant="default" onClick={() => void signOut.run()} loading={signOut.isRunning}>
            Lock and sign out
          </Button>
          <Button variant="default" onClick={forget}>
            Disconnect the wallet
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

/**
 * @module features/identity/succession/wards-page
 * The people whom this person guards: what that means, what they may ask for, and who asks for help now.
 */
import { Button, CopyButton, Group, Stack, Text } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Ward } from "@carekey/sdk/client";
import { Card, Section } from "../../../components/card.tsx";
import { QueryStates } from "../../../components/query-states.tsx";
import { Screen } from "../../../components/screen.tsx";
import { useCarekey } from "../../../lib/carekey.tsx";
import { formatSpan } from "../../../lib/format.ts";
import { useWards } from "./hooks.ts";
import { WardRequestCard } from "./ward-request.tsx";
import classes from "./succession.module.css";

/** The page. */
export function WardsPage(): ReactNode {
  const wards = useWards();
  return (
    <Screen
      title="You are a guardian"
      intro="People who count on you if they lose their wallet. You can read none of their records."
      back={{ to: "/me", label: "Me" }}
    >
      <QueryStates
        query={wards}
        label="Looking up whom you guard"
        empty={{
          drawing: "people",
          title: "You are nobody’s guardian now",
          text: "When somebody names you, you see here what to do.",
        }}
      >
        {(all) => all.map((ward) => <WardSection key={ward.patient} ward={ward} />)}
      </QueryStates>
    </Screen>
  );
}

function WardSection({ ward }: { ward: Ward }): ReactNode {
  const { person } = useCarekey();
  return (
    <Section title={ward.name}>
      {ward.requests.map((request) => (
        <WardRequestCard key={request.successor} ward={ward} request={request} />
      ))}
      <Card>
        <Stack gap="md">
          <Text>
            {ward.name} named you as a guardian. If the wallet is lost, {ward.name} calls you from a new one. You and
            another guardian confirm that it is really {ward.name}. The old wallet then has {formatSpan(ward.delay)} to
            object, and after that you hand over your part.
          </Text>
          <Text>You hold one sealed part of a key. It opens nothing by itself.</Text>
          <div>
            <Text fw={600}>When {ward.name} calls you</Text>
            <Text mb="xs">You may be asked for these two addresses. They are no secret.</Text>
            <AddressLine label="Your address" value={person.address} />
            <AddressLine label={`The old address of ${ward.name}`} value={ward.patient} />
          </div>
        </Stack>
      </Card>
    </Section>
  );
}

/** An address to read out or send. */
export function AddressLine({ label, value }: { label: string; value: string }): ReactNode {
  return (
    <Stack gap={4} mb="sm">
      <Text c="dimmed">{label}</Text>
      <Text className={classes.address}>{value}</Text>
      <Group>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button variant="default" leftSection={<IconCopy size={18} aria-hidden />} onClick={copy}>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Stack>
  );
}

/**
 * @module features/identity/succession/wards-card
 * That this person is somebody's guardian, and whether somebody asks for help.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconHeartHandshake } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Card, Section } from "../../../components/card.tsx";
import { Notice } from "../../../components/notice.tsx";
import { formatList } from "../../../lib/format.ts";
import { useWards } from "./hooks.ts";
import { isForMe } from "./words.ts";

/** The section under Me; nothing for who guards nobody. */
export function WardsSection(): ReactNode {
  const wards = useWards().data ?? [];
  if (wards.length === 0) return null;
  const asking = wards.filter(({ requests }) => requests.some(isForMe));
  return (
    <Section title="You are a guardian">
      <Card>
        <Stack gap="md">
          <Text>Of {formatList(wards.map(({ name }) => name))}.</Text>
          {asking.map(({ patient, name }) => (
            <Notice
              key={patient}
              tone="waiting"
              icon={<IconHeartHandshake size={24} />}
              title={`${name} may need your help`}
            />
          ))}
          <Group>
            <Button component={Link} to="/me/guardian-of" variant={asking.length > 0 ? "filled" : "default"}>
              See what a guardian does
            </Button>
          </Group>
        </Stack>
      </Card>
    </Section>
  );
}

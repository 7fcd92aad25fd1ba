/**
 * @module features/identity/emergency-access
 * Whether emergency access is on, and the ways to its settings and to the printed card.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconAmbulance } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Card } from "../../components/card.tsx";
import { Notice } from "../../components/notice.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { useOwnEmergency } from "../../lib/emergency.ts";
import { recordCount, sentenceCase } from "../../lib/format.ts";

/** The card on the page of one's own account. */
export function EmergencyAccess(): ReactNode {
  const emergency = useOwnEmergency();
  return (
    <QueryStates query={emergency} label="Looking up emergency access">
      {({ enabled, records }) => (
        <Card>
          <Stack gap="md">
            <Text>
              When you cannot be asked, two clinicians together can open the few records that you choose beforehand.
            </Text>
            <Notice
              tone={enabled ? "accent" : "neutral"}
              icon={<IconAmbulance size={24} />}
              title={enabled ? "Emergency access is on" : "Emergency access is off"}
            >
              {enabled
                ? `${sentenceCase(recordCount(records.length))} can be opened in an emergency.`
                : "Nobody can use it."}
            </Notice>
            <Group gap="sm">
              <Button component={Link} to="/me/emergency" variant="default">
                {enabled ? "Emergency settings" : "Set up emergency access"}
              </Button>
              {enabled && (
                <Button component={Link} to="/me/emergency/card" variant="default">
                  Print the card
                </Button>
              )}
            </Group>
          </Stack>
        </Card>
      )}
    </QueryStates>
  );
}

/**
 * @module features/identity/new-keys-card
 * When to make new keys, and the way there; says so when a change was begun and is not finished.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Card } from "../../components/card.tsx";
import { Notice } from "../../components/notice.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { newKeysQuery } from "./new-keys-hooks.ts";

/** The card under Me. */
export function NewKeysCard(): ReactNode {
  const { carekey, person } = useCarekey();
  const query = useQuery(newKeysQuery(carekey, person));
  return (
    <QueryStates query={query} label="Looking at your keys">
      {(state) => (
        <Card>
          <Stack gap="md">
            {state.complete ? (
              <Text>
                Did somebody see your recovery code, or did you lose the paper? Make new keys. Your records stay, and
                the old paper opens nothing that you add from then on.
              </Text>
            ) : (
              <Notice tone="waiting" icon={<IconHourglass size={24} />} title="Your new keys are not finished yet">
                Go on where it stopped. Until then you can share with nobody new.
              </Notice>
            )}
            <Group>
              <Button component={Link} to="/me/new-keys" variant={state.complete ? "default" : "filled"}>
                {state.complete ? "Make new keys" : "Go on with the new keys"}
              </Button>
            </Group>
          </Stack>
        </Card>
      )}
    </QueryStates>
  );
}

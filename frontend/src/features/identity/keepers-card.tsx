/**
 * @module features/identity/keepers-card
 * Whether the keepers hold their shares, and the way to set them up.
 */
import { Button, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCircleCheck, IconHourglass } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Card } from "../../components/card.tsx";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { Notice } from "../../components/notice.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { dealQuery } from "./hooks.ts";
import { KeepersStep } from "./keepers-step.tsx";

/** The state of the keepers, in words. */
export function KeepersCard(): ReactNode {
  const { carekey, person } = useCarekey();
  const deal = useQuery(dealQuery(carekey, person));
  const [isOpen, sheet] = useDisclosure();
  const { threshold, keepers } = carekey.deployment;
  return (
    <QueryStates query={deal} label="Asking the keepers">
      {(state) => (
        <Card>
          <Stack gap="md">
            <Text>
              {keepers.length} keepers each hold a part of the key that opens what you share; {threshold} of them must
              agree each time. You never need them to read your own records.
            </Text>
            {state.active ? (
              <Notice tone="accent" icon={<IconCircleCheck size={24} />} title="The keepers are set up">
                {state.acknowledged} of {state.total} have confirmed.
              </Notice>
            ) : state.isEarlier ? (
              <Notice
                tone="waiting"
                icon={<IconHourglass size={24} />}
                title="The keepers answer with your earlier keys"
              >
                They change over when your new keys are finished.
              </Notice>
            ) : (
              <>
                <Notice tone="waiting" icon={<IconHourglass size={24} />} title="The keepers are not set up yet">
                  Until then you can keep records, but not share them.
                </Notice>
                <div>
                  <Button onClick={sheet.open}>Set up the keepers</Button>
                </div>
              </>
            )}
          </Stack>
          <Sheet opened={isOpen} onClose={sheet.close} title="Set up the keepers">
            <KeepersStep carekey={carekey} person={person} onDone={sheet.close} onLater={sheet.close} />
          </Sheet>
        </Card>
      )}
    </QueryStates>
  );
}

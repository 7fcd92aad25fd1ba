/**
 * @module features/identity/succession/move-card
 * A move to or from this wallet, in a sentence, and the way to it.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconHourglass, IconWallet } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Card } from "../../../components/card.tsx";
import { Notice } from "../../../components/notice.tsx";
import { QueryStates } from "../../../components/query-states.tsx";
import { useFollowRequests, useMove, type Move } from "./hooks.ts";

/** The card under Me. */
export function MoveCard(): ReactNode {
  const move = useMove();
  const isAsked = (useFollowRequests().data ?? []).length > 0;
  return (
    <QueryStates query={move} label="Looking up your wallets">
      {(state) => (
        <Card>
          <Stack gap="md">
            <Sentence move={state} isAsked={isAsked} />
            <Group>
              <Button component={Link} to="/me/new-wallet" variant={isAsked || !state.complete ? "filled" : "default"}>
                {isAsked ? "Look at it" : state.complete ? "See how it works" : "Go on with the move"}
              </Button>
            </Group>
          </Stack>
        </Card>
      )}
    </QueryStates>
  );
}

function Sentence({ move, isAsked }: { move: Move; isAsked: boolean }): ReactNode {
  if (move.successor !== null) {
    return (
      <Notice icon={<IconWallet size={24} />} title="Your records go on in a new wallet">
        Use the new one from now on. This one still opens what was here.
      </Notice>
    );
  }
  if (isAsked) {
    return (
      <Notice tone="waiting" icon={<IconWallet size={24} />} title="A new wallet asks to go on from this one">
        If that is you, hand over your records to it.
      </Notice>
    );
  }
  if (!move.complete) {
    return (
      <Notice tone="waiting" icon={<IconHourglass size={24} />} title="Your move to this wallet is not finished yet">
        Go on where it stopped.
      </Notice>
    );
  }
  if (move.predecessor !== null) {
    return (
      <Notice tone="accent" icon={<IconCircleCheck size={24} />} title="The records of your old wallet are here" />
    );
  }
  return <Text>Have you lost an old wallet, or do you want to use another one? Your records can come along.</Text>;
}

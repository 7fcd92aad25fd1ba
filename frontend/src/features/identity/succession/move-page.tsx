/**
 * @module features/identity/succession/move-page
 * Moving to a new wallet, on both sides: the old one hands over, the new one asks, waits and takes over.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconWallet } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import type { Address } from "@carekey/sdk/bytes";
import { ActStatus } from "../../../components/act.tsx";
import { Notice } from "../../../components/notice.tsx";
import { QueryStates } from "../../../components/query-states.tsx";
import { Screen } from "../../../components/screen.tsx";
import { FollowRequests } from "./follow-requests.tsx";
import { useMove, useNameSuccessor, type Move } from "./hooks.ts";
import { MoveProgress } from "./move-progress.tsx";
import { MoveStart, type MoveStartProps } from "./move-start.tsx";
import { AddressLine } from "./wards-page.tsx";

/** The page. */
export function MovePage(): ReactNode {
  const move = useMove();
  return (
    <Screen
      title="New wallet"
      intro="Your records come along to another wallet, and your doctors see one history."
      back={{ to: "/me", label: "Me" }}
    >
      <QueryStates query={move} label="Looking up your wallets">
        {(state) => <Content move={state} />}
      </QueryStates>
    </Screen>
  );
}

function Content({ move }: { move: Move }): ReactNode {
  if (move.successor !== null) return <HandedOver successor={move.successor} />;
  return (
    <>
      <FollowRequests />
      <MoveHere move={move} />
    </>
  );
}

/** The side of the new wallet. */
function MoveHere({ move }: { move: Move }): ReactNode {
  const [isAnew, setAnew] = useState(false);
  const [isLost, setLost] = useState(false);
  const { predecessor } = move;
  const begin: MoveStartProps["onBegun"] = (begun) => {
    setLost(begun.isLost);
    setAnew(false);
  };
  if (predecessor === null || isAnew) return <MoveStart onBegun={begin} />;
  if (move.complete) return <Arrived predecessor={predecessor} />;
  return <MoveProgress move={{ ...move, predecessor }} startsLost={isLost} onAnew={() => setAnew(true)} />;
}

function HandedOver({ successor }: { successor: Address }): ReactNode {
  const again = useNameSuccessor();
  return (
    <>
      <Notice tone="accent" icon={<IconWallet size={24} />} title="Your records go on in your new wallet">
        <Stack gap="sm">
          <Text>
            Open Carekey with the new wallet to go on. What you shared from this one goes on until it ends; you can stop
            it here, under Sharing.
          </Text>
          <AddressLine label="The new wallet" value={successor} />
        </Stack>
      </Notice>
      <Text>Did the keys not arrive there? Send them once more. Nothing else changes.</Text>
      <Group>
        <Button
          variant="default"
          loading={again.isRunning}
          onClick={() => void again.run({ successor, deadline: 0, signature: "0x" })}
        >
          Send the keys again
        </Button>
      </Group>
      <ActStatus act={again} />
    </>
  );
}

function Arrived({ predecessor }: { predecessor: Address }): ReactNode {
  return (
    <>
      <Notice tone="accent" role="status" icon={<IconCircleCheck size={24} />} title="Your records are here">
        <Stack gap="sm">
          <Text>
            All that your old wallet could open, this one opens, too. Nobody who could read there can read here by
            itself: share again with your doctors. Name your guardians again, too.
          </Text>
          <AddressLine label="Your old wallet" value={predecessor} />
        </Stack>
      </Notice>
      <Group gap="sm">
        <Button component={Link} to="/records">
          See my records
        </Button>
        <Button component={Link} to="/sharing" variant="default">
          Share with someone
        </Button>
      </Group>
    </>
  );
}

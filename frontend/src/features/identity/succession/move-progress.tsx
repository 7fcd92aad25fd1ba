/**
 * @module features/identity/succession/move-progress
 * How far a move to this wallet got, as a list that fills, and the one thing to do or to wait for now.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { Address } from "@carekey/sdk/bytes";
import { ActStatus } from "../../../components/act.tsx";
import { Card } from "../../../components/card.tsx";
import { Done, DoneList } from "../../../components/done-list.tsx";
import { Notice } from "../../../components/notice.tsx";
import { formatAddress } from "../../../lib/format.ts";
import { useAskToFollow, useTakeOver, type Move } from "./hooks.ts";
import { MoveByGuardians } from "./move-by-guardians.tsx";
import { OwnDigits } from "./own-digits.tsx";

/** A move that has an old wallet. */
export type BegunMove = Move & { predecessor: Address };

/** Props of {@link MoveProgress}. `startsLost`: the person has just said so; `onAnew`: it was another wallet. */
export type MoveProgressProps = { move: BegunMove; startsLost: boolean; onAnew: () => void };

/** The list and what comes next. */
export function MoveProgress({ move, startsLost, onAnew }: MoveProgressProps): ReactNode {
  const { done, total } = move.records;
  return (
    <>
      <Card>
        <DoneList>
          <Done isDone text={`You go on from ${formatAddress(move.predecessor)}`} />
          <Done isDone={move.isTied} text="It is confirmed that this wallet is yours" />
          <Done isDone={move.hasOldKeys} text="The keys of your records have arrived" />
          <Done
            isDone={move.hasOldKeys && move.isLinked && done === total}
            text={total === 0 ? "Your records open here" : `${done} of ${total} records open here`}
          />
        </DoneList>
      </Card>
      {move.hasOldKeys ? (
        <TakeOver />
      ) : move.isTied ? (
        <WaitForKeys move={move} />
      ) : (
        <Confirmation move={move} startsLost={startsLost} onAnew={onAnew} />
      )}
    </>
  );
}

function TakeOver(): ReactNode {
  const act = useTakeOver();
  return (
    <Card>
      <Stack gap="md">
        <Text>
          {act.isRunning
            ? "Leave this page open. If it stops, you can go on here later."
            : "Your records are locked for your old wallet. Now they get locks of this one. It takes a moment for each, and can be stopped and gone on with."}
        </Text>
        <Group>
          <Button loading={act.isRunning} onClick={() => void act.run()}>
            Take my records over
          </Button>
        </Group>
        <ActStatus act={act} hideDone />
      </Stack>
    </Card>
  );
}

function WaitForKeys({ move }: { move: BegunMove }): ReactNode {
  const { threshold } = move.guardianship;
  return (
    <Notice tone="waiting" icon={<IconHourglass size={24} />} title="The keys are on their way">
      {move.claim === null ? (
        "Your old wallet sends them. If they do not come, open “New wallet” there and send them again."
      ) : (
        <>
          {move.parts} of {threshold} parts have arrived. Call your guardians: each opens Carekey, “Me”, “You are a
          guardian”, and hands over the part.
        </>
      )}
    </Notice>
  );
}

function Confirmation({ move, startsLost, onAnew }: MoveProgressProps): ReactNode {
  const hasGuardians = move.guardianship.count > 0;
  const [isLost, setLost] = useState(hasGuardians && (startsLost || move.asked.length > 0 || move.claim !== null));
  return (
    <>
      {isLost ? <MoveByGuardians move={move} /> : <ByOldWallet predecessor={move.predecessor} />}
      {!isLost && !hasGuardians && (
        <Text>This old wallet has named no guardians, so only the wallet itself can hand over.</Text>
      )}
      <Group gap="sm">
        {hasGuardians && (
          <Button variant="default" onClick={() => setLost(!isLost)}>
            {isLost ? "I have my old wallet at hand" : "My old wallet is lost"}
          </Button>
        )}
        <Button variant="default" onClick={onAnew}>
          It was another wallet
        </Button>
      </Group>
    </>
  );
}

function ByOldWallet({ predecessor }: { predecessor: Address }): ReactNode {
  const ask = useAskToFollow();
  return (
    <Card>
      <Stack gap="md">
        <Text>
          Now open Carekey with your old wallet, on another device or in another browser. It shows the question at the
          top. Compare these digits with those it shows, and hand over there. This page goes on by itself.
        </Text>
        <OwnDigits />
        <Group>
          <Button variant="default" loading={ask.isRunning} onClick={() => void ask.run({ predecessor, words: "" })}>
            It shows nothing: ask again
          </Button>
        </Group>
        <ActStatus act={ask} />
      </Stack>
    </Card>
  );
}

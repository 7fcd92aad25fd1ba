/**
 * @module features/identity/succession/move-by-guardians
 * The lost wallet: asking guardians, what to tell them, who confirmed, the waiting time, and the completion.
 */
import { Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { ActStatus } from "../../../components/act.tsx";
import { BeforeSigning } from "../../../components/before-signing.tsx";
import { Card } from "../../../components/card.tsx";
import { Sheet } from "../../../components/confirm-sheet.tsx";
import { Done, DoneList } from "../../../components/done-list.tsx";
import { useCarekey } from "../../../lib/carekey.tsx";
import { formatSpan } from "../../../lib/format.ts";
import { useHasPassed } from "../../../lib/use-has-passed.ts";
import { useAskGuardian, useComplete } from "./hooks.ts";
import type { BegunMove } from "./move-progress.tsx";
import { NOBODY, NamedPersonFields, guardianOf } from "./named-person.tsx";
import { OwnDigits } from "./own-digits.tsx";
import { claimSentence } from "./words.ts";

const MAX_WORDS = 200;

/** What to do and to wait for. */
export function MoveByGuardians({ move }: { move: BegunMove }): ReactNode {
  const { carekey } = useCarekey();
  const { claim, guardianship } = move;
  const isOver = useHasPassed(claim?.readyFrom ?? 0, carekey.now);
  const isReady = claim !== null && claim.readyFrom > 0 && isOver;
  return (
    <>
      {isReady ? (
        <Completion move={move} />
      ) : (
        <Card>
          <Stack gap="md">
            <Title order={2} size="h3">
              {claim !== null && claim.readyFrom > 0 ? "Now wait" : "Call two of your guardians"}
            </Title>
            <Text role="status">{claimSentence(claim, guardianship.threshold, { now: carekey.now() })}</Text>
            <Text>
              The old wallet can stop it during the waiting time of {formatSpan(guardianship.delay)}. If you find it
              again, hand over there instead: that is at once. You can close this page and come back.
            </Text>
            <Asked move={move} />
          </Stack>
        </Card>
      )}
      {(claim === null || claim.readyFrom === 0) && <WhatToTell />}
    </>
  );
}

function Asked({ move }: { move: BegunMove }): ReactNode {
  const [isAsking, setAsking] = useState(false);
  const isEnough = move.claim !== null && move.claim.readyFrom > 0;
  return (
    <>
      {move.asked.length > 0 && (
        <DoneList>
          {move.asked.map(({ address, name, hasVouched }) => (
            <Done key={address} isDone={hasVouched} text={hasVouched ? `${name} confirmed it` : `${name} was asked`} />
          ))}
        </DoneList>
      )}
      {!isEnough && (
        <Group>
          <Button variant={move.asked.length < 2 ? "filled" : "default"} onClick={() => setAsking(true)}>
            {move.asked.length === 0 ? "Ask a guardian" : "Ask another guardian"}
          </Button>
        </Group>
      )}
      {isAsking && <AskSheet move={move} onClose={() => setAsking(false)} />}
    </>
  );
}

function WhatToTell(): ReactNode {
  return (
    <Card>
      <Stack gap="md">
        <Title order={2} size="h3">
          What to tell them
        </Title>
        <Text>
          “I have lost my wallet. Please open Carekey, Me, You are a guardian, and press Check who it is.” Then read
          them the first three groups of these digits. Do not send the digits in a message: let them hear your voice.
        </Text>
        <OwnDigits />
      </Stack>
    </Card>
  );
}

function AskSheet({ move, onClose }: { move: BegunMove; onClose: () => void }): ReactNode {
  const act = useAskGuardian(move.predecessor);
  const [value, setValue] = useState(NOBODY);
  const [words, setWords] = useState("");
  const guardian = guardianOf(value);
  if (act.status === "done") {
    return (
      <Sheet opened onClose={onClose} title="Ask a guardian">
        <Stack gap="md">
          <ActStatus act={act} />
          <Button onClick={onClose}>Close</Button>
        </Stack>
      </Sheet>
    );
  }
  return (
    <Sheet opened onClose={onClose} title="Ask a guardian" isBusy={act.isRunning}>
      <Stack gap="md">
        <NamedPersonFields label="Who is your guardian?" value={value} onChange={setValue} />
        <TextInput
          label="A line to your guardian"
          description="For example: I lost my phone on Monday. I call you tonight."
          maxLength={MAX_WORDS}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Group>
          <Button
            disabled={guardian === null}
            loading={act.isRunning}
            onClick={() => guardian !== null && void act.run({ ...guardian, words: words.trim() })}
          >
            Ask
          </Button>
        </Group>
        <ActStatus act={act} />
      </Stack>
    </Sheet>
  );
}

function Completion({ move }: { move: BegunMove }): ReactNode {
  const act = useComplete(move.predecessor);
  return (
    <>
      <BeforeSigning
        title="The waiting time is over"
        points={[
          "Your guardians confirmed that this wallet is yours, and your old wallet did not object.",
          "From now on this wallet goes on from the old one, and your doctors see one history.",
          "Then your guardians hand over their parts, and your records open here.",
        ]}
        irreversible="This is for ever: no other wallet can go on from the old one."
        confirmLabel="Go on with this wallet"
        onConfirm={() => void act.run()}
        isRunning={act.isRunning}
      />
      <ActStatus act={act} />
    </>
  );
}

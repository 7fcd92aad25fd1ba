/**
 * @module features/identity/new-keys-progress
 * How far a change of keys got, as a list that fills, and the button that goes on.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useRef, type ReactNode } from "react";
import { Link } from "react-router";
import type { NewKeysState, Person } from "@carekey/sdk/client";
import { ActStatus } from "../../components/act.tsx";
import { Card } from "../../components/card.tsx";
import { Done, DoneList } from "../../components/done-list.tsx";
import { Notice } from "../../components/notice.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { useBeginNewKeys, useFinishNewKeys } from "./new-keys-hooks.ts";

/** Props of {@link NewKeysProgress}. */
export type NewKeysProgressProps = {
  state: NewKeysState;
  /** Goes on at once: the person has just confirmed the beginning. */
  goOn: boolean;
  onBegun: (person: Person) => void;
  /** The person wants another set of new keys. */
  onAgain: () => void;
};

/** The list, the button, and how it ended. */
export function NewKeysProgress({ state, goOn, onBegun, onAgain }: NewKeysProgressProps): ReactNode {
  const { carekey, person } = useCarekey();
  const begin = useBeginNewKeys(carekey, person, onBegun);
  const finish = useFinishNewKeys(carekey, person);
  const act = state.begun ? begin : finish;
  const start = () => void (state.begun ? begin.run(null) : finish.run());
  useOnce(goOn && !state.complete, start);
  const { done, total } = state.records;
  return (
    <Card>
      <Stack gap="md">
        <DoneList>
          <Done isDone={!state.begun} text="Your new key is announced" />
          <Done
            isDone={!state.begun && done === total}
            text={
              total === 0
                ? "Your records are locked with the new keys"
                : `${done} of ${total} records are locked with the new keys`
            }
          />
          <Done isDone={!state.begun && state.readersDone} text="People who may read have what they need" />
          <Done isDone={!state.begun && state.keepersDone} text="The keepers answer with the new keys" />
        </DoneList>
        {state.complete ? (
          <>
            <Notice tone="accent" role="status" icon={<IconCircleCheck size={24} />} title="Your new keys are in force">
              The old paper opens nothing that you add from now on: tear it up. Passkeys have to be set up again.
            </Notice>
            <Group gap="sm">
              <Button component={Link} to="/me">
                Back to Me
              </Button>
              <Button variant="default" onClick={onAgain}>
                Make new keys once more
              </Button>
            </Group>
          </>
        ) : (
          <>
            <Text>
              {act.isRunning
                ? "Leave this page open. If it stops, you can go on here later."
                : "Not everything is done yet. Nothing is lost, and readers go on reading."}
            </Text>
            <Group>
              <Button onClick={start} loading={act.isRunning}>
                Go on
              </Button>
            </Group>
            <ActStatus act={act} hideDone />
          </>
        )}
      </Stack>
    </Card>
  );
}

/** Runs `act` once, as soon as `isDue`. */
function useOnce(isDue: boolean, act: () => void): void {
  const wasRun = useRef(false);
  const run = useEffectEvent(act);
  useEffect(() => {
    if (!isDue || wasRun.current) return;
    wasRun.current = true;
    run();
  }, [isDue]);
}

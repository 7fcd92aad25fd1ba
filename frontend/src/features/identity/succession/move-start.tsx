/**
 * @module features/identity/succession/move-start
 * The new wallet says which one it goes on from, and whether the old one is at hand or lost.
 */
import { Button, Group, Radio, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { sameAddress } from "@carekey/sdk/client";
import { ActStatus } from "../../../components/act.tsx";
import { Card } from "../../../components/card.tsx";
import { isAddress } from "../../../lib/address.ts";
import { useCarekey } from "../../../lib/carekey.tsx";
import { useAskToFollow, useRememberPredecessor } from "./hooks.ts";

const MAX_WORDS = 200;

/** Props of {@link MoveStart}. `onBegun`: the old wallet is known, and whether it is lost. */
export type MoveStartProps = { onBegun: (begun: { isLost: boolean }) => void };

/** The form. */
export function MoveStart({ onBegun }: MoveStartProps): ReactNode {
  const { person } = useCarekey();
  const [isLost, setLost] = useState(false);
  const [address, setAddress] = useState("");
  const [words, setWords] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const ask = useAskToFollow(() => onBegun({ isLost: false }));
  const remember = useRememberPredecessor(() => onBegun({ isLost: true }));
  const act = isLost ? remember : ask;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const typed = address.trim();
    if (!isAddress(typed)) return setProblem("An address begins with 0x and has 40 signs after that.");
    if (sameAddress(typed, person.address)) return setProblem("This is the wallet that you use now.");
    void (isLost ? remember.run(typed) : ask.run({ predecessor: typed, words: words.trim() }));
  };
  return (
    <Card>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Title order={2} size="h3">
            Bring your records to this wallet
          </Title>
          <Text>
            Do this with the new wallet. If this is your old one, open Carekey with the new one first, register there,
            and come to this page.
          </Text>
          <Radio.Group
            label="Where is your old wallet?"
            value={isLost ? "lost" : "here"}
            onChange={(value) => setLost(value === "lost")}
          >
            <Stack gap={0} mt={4}>
              <Radio value="here" py={8} label="I have it at hand" description="Done in a few minutes." />
              <Radio
                value="lost"
                py={8}
                label="It is lost"
                description="Two of the guardians you named help you. It takes at least the waiting time you chose."
              />
            </Stack>
          </Radio.Group>
          <TextInput
            label="The address of your old wallet"
            description="It is on your recovery kit and your emergency card. Your guardians see it, too."
            autoComplete="off"
            spellCheck={false}
            value={address}
            error={problem}
            onChange={(event) => {
              setAddress(event.currentTarget.value);
              setProblem(null);
            }}
          />
          {!isLost && (
            <TextInput
              label="A line to yourself (optional)"
              description="Your old wallet shows it, so that you know it is you who asks."
              maxLength={MAX_WORDS}
              value={words}
              onChange={(event) => setWords(event.currentTarget.value)}
            />
          )}
          <Group>
            <Button type="submit" loading={act.isRunning}>
              {isLost ? "Go on" : "Ask my old wallet"}
            </Button>
          </Group>
          <ActStatus act={act} hideDone />
        </Stack>
      </form>
    </Card>
  );
}

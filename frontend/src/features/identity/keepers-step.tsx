/**
 * @module features/identity/keepers-step
 * Deals the second key to the keepers, and says what they can and cannot do.
 */
import { Button, Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Carekey, Person } from "@carekey/sdk/client";
import { ActStatus } from "../../components/act.tsx";
import { BeforeSigning } from "../../components/before-signing.tsx";
import { Notice } from "../../components/notice.tsx";
import { useDealKeys } from "./hooks.ts";

/** Props of {@link KeepersStep}. */
export type KeepersStepProps = { carekey: Carekey; person: Person; onDone: () => void; onLater?: () => void };

/** Asks for the deal. It may wait: without it nothing can be shared, but everything else works. */
export function KeepersStep({ carekey, person, onDone, onLater }: KeepersStepProps): ReactNode {
  const act = useDealKeys(carekey, person);
  const { threshold, keepers } = carekey.deployment;
  return (
    <Stack gap="md">
      {act.status !== "done" && (
        <BeforeSigning
          title="How keepers protect what you share"
          points={[
            `Records that you share need a second key. It is split among ${keepers.length} independent keepers.`,
            `Each time a doctor opens a record, ${threshold} of them must agree, and each checks that your permission still holds.`,
            "No keeper can read a record. Each leaves a receipt, so you see who opened what.",
          ]}
          cost="This is free: one signature. You yourself never need the keepers to read your records."
          confirmLabel="Set up the keepers"
          cancelLabel="Later"
          onConfirm={() => void act.run()}
          onCancel={onLater}
          isRunning={act.isRunning}
        />
      )}
      <ActStatus act={act} hideDone />
      {act.status === "done" && <KeepersDone onDone={onDone} />}
    </Stack>
  );
}

function KeepersDone({ onDone }: { onDone: () => void }): ReactNode {
  return (
    <Notice tone="accent" role="status" icon={<IconCircleCheck size={24} />} title="The keepers are set up">
      <Text mb="md">From now on you can share your records, and see every time one is opened.</Text>
      <Button onClick={onDone}>Open Carekey</Button>
    </Notice>
  );
}

/**
 * @module features/identity/new-keys-wizard
 * From "why" to the first transaction: what changes and what cannot be taken back, the new code on paper, a new passphrase.
 */
import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { Person } from "@carekey/sdk/client";
import { newSeed } from "@carekey/sdk/crypto";
import { ActStatus } from "../../components/act.tsx";
import { BeforeSigning } from "../../components/before-signing.tsx";
import { Card } from "../../components/card.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { useLeaveWarning } from "../../lib/use-leave-warning.ts";
import { CheckStep } from "./check-step.tsx";
import { CodeStep } from "./code-step.tsx";
import { useBeginNewKeys } from "./new-keys-hooks.ts";
import { PassphraseFields } from "./passphrase-fields.tsx";

type StepName = "why" | "code" | "check" | "passphrase" | "sign";

const titles: Record<Exclude<StepName, "why" | "sign">, string> = {
  code: "Your new recovery code",
  check: "Check your new code",
  passphrase: "Choose a new passphrase",
};

/** The steps before anything is sent. */
export function NewKeysWizard({ onBegun }: { onBegun: (person: Person) => void }): ReactNode {
  const { carekey, person } = useCarekey();
  const [seed] = useState(() => newSeed());
  const [passphrase, setPassphrase] = useState("");
  const [step, setStep] = useState<StepName>("why");
  const act = useBeginNewKeys(carekey, person, onBegun);
  useLeaveWarning(step !== "why" && act.status !== "done");

  if (step === "why") {
    return (
      <BeforeSigning
        title="What will happen"
        points={[
          "You write down a new recovery code and choose a new passphrase.",
          "All your records stay, and people who may read them go on reading. They notice nothing.",
          "The old code, passphrase and passkeys open Carekey no longer, and nothing that is added from now on.",
        ]}
        irreversible="What you had before cannot be taken back: whoever has the old code and has also copied your stored, encrypted files can read those."
        cost="Your wallet asks you to confirm a few times. It takes a minute or two."
        confirmLabel="Begin"
        onConfirm={() => setStep("code")}
      />
    );
  }
  if (step === "sign") {
    return (
      <Stack gap="md">
        <BeforeSigning
          title="Make the new keys"
          points={[
            "First your earlier keys are kept, sealed under the new ones.",
            "Then your new key is announced, signed with the old one, so that your doctors trust it.",
            "The rest follows by itself. If it stops, go on here at any time.",
          ]}
          irreversible="Keep the new paper. The old one can be torn up when all is done."
          confirmLabel="Make new keys"
          onConfirm={() => void act.run({ seed, passphrase })}
          isRunning={act.isRunning}
        />
        <ActStatus act={act} />
      </Stack>
    );
  }
  return (
    <Card>
      <Stack gap="md">
        <Title order={2}>{titles[step]}</Title>
        {step === "code" && <CodeStep seed={seed} address={person.address} onNext={() => setStep("check")} />}
        {step === "check" && (
          <CheckStep seed={seed} onBack={() => setStep("code")} onNext={() => setStep("passphrase")} />
        )}
        {step === "passphrase" && (
          <>
            <Text c="dimmed">Not the old one: whoever knows it must not open the new keys.</Text>
            <PassphraseFields
              submitLabel="Continue"
              onSubmit={(chosen) => {
                setPassphrase(chosen);
                setStep("sign");
              }}
            />
          </>
        )}
        <Group className="no-print">
          <Button variant="subtle" onClick={() => setStep("why")}>
            Back to the beginning
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

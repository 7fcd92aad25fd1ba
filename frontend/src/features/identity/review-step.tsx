/**
 * @module features/identity/review-step
 * The panel before the registration, and its progress.
 */
import { Stack } from "@mantine/core";
import type { ReactNode } from "react";
import type { Carekey, Person } from "@carekey/sdk/client";
import { ActStatus } from "../../components/act.tsx";
import { BeforeSigning } from "../../components/before-signing.tsx";
import type { About } from "./about-step.tsx";
import { useFeeWords } from "../../lib/fees.ts";
import { useRegister } from "./hooks.ts";

/** Props of {@link ReviewStep}. */
export type ReviewStepProps = {
  carekey: Carekey;
  about: About;
  seed: Uint8Array;
  passphrase: string;
  onDone: (person: Person) => void;
};

/** Registers. Whatever breaks off can be tried again: only what is missing is done. */
export function ReviewStep({ carekey, about, seed, passphrase, onDone }: ReviewStepProps): ReactNode {
  const act = useRegister(carekey);
  const register = async () => {
    const person = await act.run({ seed, role: about.role, display: displayOf(about), passphrase });
    if (person !== undefined) onDone(person);
  };
  return (
    <Stack gap="md">
      <BeforeSigning
        title="What will happen"
        points={[
          "Your keys are protected with your passphrase and saved, encrypted, on Carekey’s server.",
          about.role === 1
            ? "Your account and your public key are registered. No name and nothing about your health goes with them."
            : `Your account, your public key and “${about.name}” are registered where everyone can see them.`,
          "Your wallet asks you once, to sign.",
        ]}
        irreversible="That this account uses Carekey stays visible for good."
        cost={useFeeWords(carekey)}
        confirmLabel="Register"
        onConfirm={() => void register()}
        isRunning={act.isRunning}
      />
      <ActStatus act={act} hideDone />
    </Stack>
  );
}

/** The public fields of a key document: none for patients. */
function displayOf(about: About): Record<string, string> {
  if (about.role === 1) return {};
  return about.speciality === "" ? { name: about.name } : { name: about.name, speciality: about.speciality };
}

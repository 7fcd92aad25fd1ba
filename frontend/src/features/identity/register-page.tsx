/**
 * @module features/identity/register-page
 * The registration, step by step. Nothing is saved before the recovery code is confirmed, so an abandoned start loses nothing;
 * the keys are saved under the passphrase before the chain is asked, so a start that breaks off later can be gone on with.
 */
import { useState, type ReactNode } from "react";
import type { Carekey, Person } from "@carekey/sdk/client";
import { newSeed } from "@carekey/sdk/crypto";
import { useLeaveWarning } from "../../lib/use-leave-warning.ts";
import { AboutStep, type About } from "./about-step.tsx";
import { CheckStep } from "./check-step.tsx";
import { CodeStep } from "./code-step.tsx";
import { KeepersStep } from "./keepers-step.tsx";
import { PassphraseFields } from "./passphrase-fields.tsx";
import { ReviewStep } from "./review-step.tsx";
import { WizardStep } from "./wizard-step.tsx";

/** Props of {@link RegisterPage}. */
export type RegisterPageProps = {
  carekey: Carekey;
  isRegistrar: boolean;
  /** Keys that an earlier start saved: the steps that made them are left out. */
  saved?: { seed: Uint8Array; passphrase: string | null };
  onDone: (person: Person) => void;
};

type StepName = "about" | "code" | "check" | "passphrase" | "review" | "keepers";

const titles: Record<StepName, string> = {
  about: "Welcome to Carekey",
  code: "Your recovery code",
  check: "Check your recovery code",
  passphrase: "Choose a passphrase",
  review: "Register",
  keepers: "Set up the keepers",
};

const intros: Partial<Record<StepName, string>> = {
  about: "It takes about three minutes. You need a pen and paper, or a printer.",
  code: "This code opens your records without any server. It is shown this once.",
  check: "Type these groups from your paper.",
  passphrase: "You unlock Carekey with it every day. It never leaves this device.",
};

/** The registration wizard. */
export function RegisterPage({ carekey, isRegistrar, saved, onDone }: RegisterPageProps): ReactNode {
  const [seed] = useState(() => saved?.seed ?? newSeed());
  const [about, setAbout] = useState<About>({ role: isRegistrar ? 3 : 1, name: "", speciality: "" });
  const [passphrase, setPassphrase] = useState(saved?.passphrase ?? null);
  const [step, setStep] = useState<StepName>("about");
  const [person, setPerson] = useState<Person | null>(null);
  const steps = stepsFor(about.role, saved !== undefined, (saved?.passphrase ?? null) !== null);
  const next = () => setStep(steps[steps.indexOf(step) + 1] ?? step);
  useLeaveWarning(step !== "about" && person === null);

  const finish = (registered: Person) => {
    if (about.role !== 1) return onDone(registered);
    setPerson(registered);
    setStep("keepers");
  };

  return (
    <WizardStep step={steps.indexOf(step) + 1} steps={steps.length} title={titles[step]} intro={intros[step]}>
      {step === "about" && (
        <AboutStep
          isRegistrar={isRegistrar}
          about={about}
          onNext={(chosen) => {
            setAbout(chosen);
            next();
          }}
        />
      )}
      {step === "code" && <CodeStep seed={seed} address={carekey.wallet.account.address} onNext={next} />}
      {step === "check" && <CheckStep seed={seed} onBack={() => setStep("code")} onNext={next} />}
      {step === "passphrase" && (
        <PassphraseFields
          submitLabel="Continue"
          onSubmit={(chosen) => {
            setPassphrase(chosen);
            next();
          }}
        />
      )}
      {step === "review" && passphrase !== null && (
        <ReviewStep carekey={carekey} about={about} seed={seed} passphrase={passphrase} onDone={finish} />
      )}
      {step === "keepers" && person !== null && (
        <KeepersStep carekey={carekey} person={person} onDone={() => onDone(person)} onLater={() => onDone(person)} />
      )}
    </WizardStep>
  );
}

function stepsFor(role: About["role"], isResumed: boolean, hasPassphrase: boolean): StepName[] {
  return [
    "about",
    ...(isResumed ? [] : (["code", "check"] as const)),
    ...(hasPassphrase ? [] : (["passphrase"] as const)),
    "review",
    ...(role === 1 ? (["keepers"] as const) : []),
  ];
}

/**
 * @module features/identity/passphrase-fields
 * A new passphrase, typed twice, with a meter and the reasons when it is weak.
 */
import { Button, PasswordInput, Progress, Stack, Text } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { passphraseStrength } from "@carekey/sdk/crypto";

/** Props of {@link PassphraseFields}. */
export type PassphraseFieldsProps = {
  submitLabel: string;
  isRunning?: boolean;
  onSubmit: (passphrase: string) => void;
};

const verdicts = ["Very easy to guess", "Easy to guess", "Still guessable", "Strong", "Very strong"] as const;
const colors = ["red.7", "red.7", "yellow.7", "teal", "teal"] as const;

/** Asks for a passphrase that is strong and typed twice the same. */
export function PassphraseFields({ submitLabel, isRunning, onSubmit }: PassphraseFieldsProps): ReactNode {
  const [passphrase, setPassphrase] = useState("");
  const [repeated, setRepeated] = useState("");
  const strength = passphraseStrength(passphrase);
  const differs = repeated !== "" && repeated !== passphrase;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (strength.ok && repeated === passphrase) onSubmit(passphrase);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <PasswordInput
          label="Passphrase"
          description="Five words that do not belong together are strong and easy to remember."
          autoComplete="new-password"
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": "Show what is typed", tabIndex: 0 }}
        />
        {passphrase !== "" && (
          <div role="status">
            <Progress
              value={((strength.score + 1) / 5) * 100}
              color={colors[strength.score]}
              size={8}
              aria-label="Strength of the passphrase"
            />
            <Text mt={6} fw={600}>
              {verdicts[strength.score]}
            </Text>
            {strength.reasons.map((reason) => (
              <Text key={reason} c="dimmed">
                {reason}
              </Text>
            ))}
          </div>
        )}
        <PasswordInput
          label="The same passphrase again"
          autoComplete="new-password"
          value={repeated}
          onChange={(event) => setRepeated(event.currentTarget.value)}
          error={differs ? "The two are not the same yet." : null}
          visibilityToggleButtonProps={{ "aria-label": "Show what is typed", tabIndex: 0 }}
        />
        <Button type="submit" loading={isRunning} disabled={!strength.ok || repeated !== passphrase}>
          {submitLabel}
        </Button>
      </Stack>
    </form>
  );
}

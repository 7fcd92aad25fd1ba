/**
 * @module features/identity/unlock-page
 * Opens the keys with the passphrase or the recovery code. A false key document stops everything.
 */
import { Anchor, Button, PasswordInput, Stack, Text, Textarea, Title } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import type { Carekey, Person } from "@carekey/sdk/client";
import { ActStatus } from "../../components/act.tsx";
import { Card } from "../../components/card.tsx";
import { useUnlock, type Secret } from "./hooks.ts";

/** Props of {@link UnlockPage}. */
export type UnlockPageProps = {
  carekey: Carekey;
  /** False when only the recovery code can open this account. */
  hasPassphrase: boolean;
  onUnlocked: (person: Person) => void;
};

/** The locked screen. Shows nothing of the person. */
export function UnlockPage({ carekey, hasPassphrase, onUnlocked }: UnlockPageProps): ReactNode {
  const [kind, setKind] = useState<Secret["kind"]>(hasPassphrase ? "passphrase" : "code");
  const [value, setValue] = useState("");
  const act = useUnlock(carekey, onUnlocked);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run({ kind, value });
  };
  const switchTo = (next: Secret["kind"]) => {
    act.reset();
    setValue("");
    setKind(next);
  };
  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>Unlock your records</Title>
        <Text c="dimmed" mt={6}>
          Your keys are opened on this device and stay in its memory until you lock it.
        </Text>
      </div>
      <Card>
        <form onSubmit={submit}>
          <Stack gap="md">
            {kind === "passphrase" ? (
              <PasswordInput
                label="Passphrase"
                autoComplete="current-password"
                value={value}
                onChange={(event) => setValue(event.currentTarget.value)}
                visibilityToggleButtonProps={{ "aria-label": "Show what is typed", tabIndex: 0 }}
                autoFocus
                required
                withAsterisk={false}
              />
            ) : (
              <Textarea
                label="Recovery code"
                description="56 letters and digits from your paper. Spaces, dashes and capitals do not matter."
                autosize
                minRows={3}
                autoComplete="off"
                spellCheck={false}
                value={value}
                onChange={(event) => setValue(event.currentTarget.value)}
                autoFocus
                required
                withAsterisk={false}
              />
            )}
            <Button type="submit" loading={act.isRunning} disabled={value.trim() === ""} fullWidth>
              Unlock
            </Button>
          </Stack>
        </form>
      </Card>
      <ActStatus act={act} hideDone />
      {kind === "passphrase" ? (
        <Anchor component="button" type="button" onClick={() => switchTo("code")}>
          Use your recovery code instead
        </Anchor>
      ) : (
        hasPassphrase && (
          <Anchor component="button" type="button" onClick={() => switchTo("passphrase")}>
            Use your passphrase instead
          </Anchor>
        )
      )}
      {!hasPassphrase && (
        <Text c="dimmed">No passphrase is saved for this account. After unlocking you can set one under Me.</Text>
      )}
    </Stack>
  );
}

/**
 * @module features/identity/unlock-page
 * Opens the keys: by a passkey with one tap, else with the passphrase, the wallet or the recovery code. A false key stops everything.
 */
import { Anchor, Button, PasswordInput, Stack, Text, Textarea, Title } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useState, type FormEvent, type ReactNode } from "react";
import type { Carekey, Person } from "@carekey/sdk/client";
import { ActStatus } from "../../components/act.tsx";
import { Card } from "../../components/card.tsx";
import { hasPasskeys } from "../../lib/passkey.ts";
import { useUnlock } from "./hooks.ts";

/** Props of {@link UnlockPage}. */
export type UnlockPageProps = {
  carekey: Carekey;
  /** Kinds of the ways that are saved; with none of them only the recovery code opens this account. */
  slotKinds: readonly string[];
  onUnlocked: (person: Person) => void;
};

type Typed = "passphrase" | "code";

/** The locked screen. Shows nothing of the person. */
export function UnlockPage({ carekey, slotKinds, onUnlocked }: UnlockPageProps): ReactNode {
  const hasPassphrase = slotKinds.includes("passphrase");
  const hasPasskey = slotKinds.includes("passkey") && hasPasskeys();
  const [kind, setKind] = useState<Typed>(hasPassphrase ? "passphrase" : "code");
  const act = useUnlock(carekey, onUnlocked);
  const switchTo = (next: Typed) => {
    act.reset();
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
      {hasPasskey && (
        <Button
          size="lg"
          leftSection={<IconFingerprint size={24} aria-hidden />}
          onClick={() => void act.run({ kind: "passkey" })}
          loading={act.isRunning}
          autoFocus
        >
          Unlock with your passkey
        </Button>
      )}
      <Card>
        <TypedSecret
          key={kind}
          kind={kind}
          isMain={!hasPasskey}
          isRunning={act.isRunning}
          onSubmit={(value) => void act.run({ kind, value })}
        />
      </Card>
      <ActStatus act={act} hideDone />
      {slotKinds.includes("wallet") && (
        <Anchor component="button" type="button" onClick={() => void act.run({ kind: "wallet" })}>
          Use your wallet’s signature instead
        </Anchor>
      )}
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

type TypedSecretProps = {
  kind: Typed;
  /** Whether this is the first way offered: then it has the focus and the filled button. */
  isMain: boolean;
  isRunning: boolean;
  onSubmit: (value: string) => void;
};

function TypedSecret({ kind, isMain, isRunning, onSubmit }: TypedSecretProps): ReactNode {
  const [value, setValue] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(value);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {kind === "passphrase" ? (
          <PasswordInput
            label="Passphrase"
            autoComplete="current-password"
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": "Show what is typed", tabIndex: 0 }}
            autoFocus={isMain}
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
        <Button
          type="submit"
          variant={isMain ? "filled" : "default"}
          loading={isRunning}
          disabled={value.trim() === ""}
          fullWidth
        >
          Unlock
        </Button>
      </Stack>
    </form>
  );
}

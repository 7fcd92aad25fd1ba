/**
 * @module features/identity/resume-page
 * A registration that broke off after the keys were saved: open them and go on, or begin anew.
 */
import { Anchor, Button, PasswordInput, Stack, Text, Textarea, Title } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { decodeRecoveryCode } from "@carekey/sdk/crypto";
import { ActStatus } from "../../components/act.tsx";
import { Card } from "../../components/card.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { useSavedSeed } from "./hooks.ts";
import { RegisterPage, type RegisterPageProps } from "./register-page.tsx";

type Way = "passphrase" | "code" | "anew";

/** Asks for the passphrase chosen before, then goes on with the registration. */
export function ResumePage(props: Omit<RegisterPageProps, "saved">): ReactNode {
  const [way, setWay] = useState<Way>("passphrase");
  const [saved, setSaved] = useState<RegisterPageProps["saved"]>();
  if (way === "anew") return <RegisterPage {...props} />;
  if (saved !== undefined) return <RegisterPage {...props} saved={saved} />;
  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>Go on where you stopped</Title>
        <Text c="dimmed" mt={6}>
          You began to register this account before. Your keys are saved; only the registration is missing.
        </Text>
      </div>
      <Card>
        {way === "passphrase" ? (
          <OpenWithPassphrase carekey={props.carekey} onOpen={setSaved} />
        ) : (
          <OpenWithCode onOpen={setSaved} />
        )}
      </Card>
      <Anchor component="button" type="button" onClick={() => setWay(way === "passphrase" ? "code" : "passphrase")}>
        {way === "passphrase" ? "Use your recovery code instead" : "Use your passphrase instead"}
      </Anchor>
      <Text c="dimmed">
        You have neither?{" "}
        <Anchor component="button" type="button" onClick={() => setWay("anew")}>
          Begin anew
        </Anchor>
        . No record exists yet, so nothing is lost.
      </Text>
    </Stack>
  );
}

type OpenProps = { onOpen: (saved: NonNullable<RegisterPageProps["saved"]>) => void };

function OpenWithPassphrase({ carekey, onOpen }: OpenProps & Pick<RegisterPageProps, "carekey">): ReactNode {
  const [passphrase, setPassphrase] = useState("");
  const act = useSavedSeed(carekey);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const seed = await act.run(passphrase);
    if (seed !== undefined) onOpen({ seed, passphrase });
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        <PasswordInput
          label="Passphrase"
          autoComplete="current-password"
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": "Show what is typed", tabIndex: 0 }}
        />
        <Button type="submit" loading={act.isRunning} disabled={passphrase.trim() === ""}>
          Go on
        </Button>
        <ActStatus act={act} hideDone />
      </Stack>
    </form>
  );
}

function OpenWithCode({ onOpen }: OpenProps): ReactNode {
  const [code, setCode] = useState("");
  const [error, setError] = useState<unknown>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    try {
      onOpen({ seed: decodeRecoveryCode(code), passphrase: null });
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Textarea
          label="Recovery code"
          description="56 letters and digits from your paper."
          autosize
          minRows={3}
          spellCheck={false}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" disabled={code.trim() === ""}>
          Go on
        </Button>
        {error !== null && <ErrorNotice error={error} />}
      </Stack>
    </form>
  );
}

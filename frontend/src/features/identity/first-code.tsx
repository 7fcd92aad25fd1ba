/**
 * @module features/identity/first-code
 * The first code of a way that is being turned on: it shows that the codes arrive before any is asked for.
 */
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { looksLikeCode } from "@carekey/sdk/client";
import { ActStatus, type Act } from "../../components/act.tsx";

/** Props of {@link FirstCode}. */
export type FirstCodeProps = { act: Act<string, unknown>; description: string };

/** The form. */
export function FirstCode({ act, description }: FirstCodeProps): ReactNode {
  const [code, setCode] = useState("");
  const [isIncomplete, setIncomplete] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIncomplete(!looksLikeCode(code));
    if (!looksLikeCode(code)) return;
    void act.run(code);
    setCode("");
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="First code"
          description={description}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={10}
          value={code}
          error={isIncomplete ? "The code has 6 digits." : null}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Group>
          <Button type="submit" loading={act.isRunning} disabled={code.trim() === ""}>
            Turn on
          </Button>
        </Group>
        <ActStatus act={act} />
      </Stack>
    </form>
  );
}

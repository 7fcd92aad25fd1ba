/**
 * @module components/code-form
 * Typing a one-time code: from the app, from a mail that is sent on request, or from the printed list. One field for all three.
 */
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { codeEntry, enterCode, looksLikeCode, type Carekey } from "@carekey/sdk/client";
import type { CodeEntry, CodePurpose, CodeState } from "@carekey/sdk/gateway";
import { codesQuery } from "../lib/codes.ts";
import { useAct, type Act } from "../lib/use-act.ts";
import { ActStatus } from "./act.tsx";
import { QueryStates } from "./query-states.tsx";

/** Props of {@link CodeForm}. */
export type CodeFormProps = {
  carekey: Carekey;
  purpose: CodePurpose;
  /** What the code is for, as the button says it. */
  label: string;
  /** The act that takes the code; its refusals are shown here. */
  act: Pick<Act<never, unknown>, "status" | "step" | "txHash" | "question" | "error" | "doneText" | "isRunning">;
  onCode: (entry: CodeEntry) => void;
  onCancel?: (() => void) | undefined;
};

/** The form. A wrong code is said under it; the field stays, empty. */
export function CodeForm(props: CodeFormProps): ReactNode {
  const codes = useQuery(codesQuery(props.carekey));
  return (
    <QueryStates query={codes} label="Looking up how you get codes">
      {(state) => <Form {...props} state={state} />}
    </QueryStates>
  );
}

function Form({
  carekey,
  purpose,
  label,
  act,
  onCode,
  onCancel,
  state,
}: CodeFormProps & { state: CodeState }): ReactNode {
  const [typed, setTyped] = useState("");
  const [isIncomplete, setIncomplete] = useState(false);
  const [way, setWay] = useState<"app" | "mail">(state.app ? "app" : "mail");
  const send = useAct<void>(() => carekey.gateway.codes.send(purpose), {
    done: `A code is on its way to ${state.mail ?? "you"}.`,
    onDone: () => setWay("mail"),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIncomplete(!looksLikeCode(typed));
    if (!looksLikeCode(typed)) return;
    send.reset();
    onCode(codeEntry(typed, way));
    setTyped("");
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="One-time code"
          description={
            way === "app"
              ? "6 digits from your authenticator app, or a code from your printed list."
              : "6 digits from the mail, or a code from your printed list."
          }
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={20}
          value={typed}
          error={isIncomplete ? "A code has 6 digits, a backup code 10 letters and digits." : null}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
          autoFocus
        />
        <Group gap="sm">
          <Button type="submit" loading={act.isRunning} disabled={typed.trim() === ""}>
            {label}
          </Button>
          {state.mail !== null && (
            <Button variant="default" onClick={() => void send.run()} loading={send.isRunning} disabled={act.isRunning}>
              {send.status === "done" ? "Send another code" : "Send me a code by mail"}
            </Button>
          )}
          {onCancel !== undefined && (
            <Button variant="default" onClick={onCancel} disabled={act.isRunning}>
              Not now
            </Button>
          )}
        </Group>
        <ActStatus act={send.status === "idle" && act.status === "failed" ? act : send} />
        <Text c="dimmed">
          {state.backupLeft === 0
            ? "No backup codes are left. Make new ones under Me."
            : `No phone at hand? Use one of your ${state.backupLeft} backup codes.`}
        </Text>
      </Stack>
    </form>
  );
}

/** Props of {@link CodePrompt}. */
export type CodePromptProps = Pick<CodeFormProps, "carekey" | "purpose" | "label" | "onCancel"> & {
  /** Goes on with what waited for the code. */
  onEntered: () => void;
};

/** Asks for a code and spends it; then what waited for it can go on. */
export function CodePrompt({ carekey, purpose, label, onCancel, onEntered }: CodePromptProps): ReactNode {
  const act = useAct<void, CodeEntry>((entry) => enterCode(carekey, purpose, entry), {
    done: "The code is right.",
    onDone: onEntered,
  });
  return <CodeForm {...{ carekey, purpose, label, act, onCancel }} onCode={(entry) => void act.run(entry)} />;
}

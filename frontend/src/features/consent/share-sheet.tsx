/**
 * @module features/consent/share-sheet
 * Sharing in four steps: who, what, how long and how, then read it back and sign.
 */
import { Button, Group, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useRef, useState, type ReactNode } from "react";
import type { AccessRequest, GrantRequest } from "@carekey/sdk/client";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { Notice } from "../../components/notice.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { useShare } from "./hooks.ts";
import { SHARE_STEPS, grantRequestOf, missingIn, type ShareDraft } from "./share-draft.ts";
import { StepHow } from "./step-how.tsx";
import { StepReadBack } from "./step-read-back.tsx";
import { StepWhat } from "./step-what.tsx";
import { StepWho } from "./step-who.tsx";
import classes from "./sharing.module.css";

const TITLES = { who: "Who?", what: "What?", how: "How long, and why?", "read-back": "Read it back" } as const;

/** Props of {@link ShareSheet}. Give it a new `key` for each sharing. */
export type ShareSheetProps = {
  opened: boolean;
  initial: ShareDraft;
  /** The request that this answers, if any. */
  request: AccessRequest | null;
  onClose: () => void;
};

/** The sheet. */
export function ShareSheet({ opened, initial, request, onClose }: ShareSheetProps): ReactNode {
  const { carekey } = useCarekey();
  const [draft, setDraft] = useState(initial);
  const [index, setIndex] = useState(missingIn("who", initial, 0) === null ? 1 : 0);
  const [complaint, setComplaint] = useState<string | null>(null);
  // Fixed when the last step is entered: the terms that are read must be the terms that are signed.
  const [grant, setGrant] = useState<GrantRequest | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const share = useShare();
  const step = SHARE_STEPS[index] ?? "who";

  const change = (values: Partial<ShareDraft>) => {
    setDraft((before) => ({ ...before, ...values }));
    setComplaint(null);
  };
  const go = (to: number) => {
    setComplaint(null);
    setIndex(to);
    share.reset();
    heading.current?.focus();
  };
  const next = () => {
    const now = carekey.now();
    const missing = missingIn(step, draft, now);
    if (missing !== null) return setComplaint(missing);
    if (step === "how") setGrant(grantRequestOf(draft, now));
    go(index + 1);
  };
  return (
    <Sheet
      opened={opened}
      onClose={onClose}
      title={initial.record === null ? "Share with someone" : "Share one record"}
      size="lg"
      isBusy={share.isRunning}
    >
      <Stack gap="md">
        <Progress index={index} />
        <h3 ref={heading} tabIndex={-1} className={classes.stepTitle}>
          {TITLES[step]}
        </h3>
        {step === "who" && <StepWho draft={draft} onChange={change} />}
        {step === "what" && <StepWhat draft={draft} onChange={change} />}
        {step === "how" && <StepHow draft={draft} onChange={change} />}
        {step === "read-back" ? (
          <StepReadBack
            grant={grant}
            ownName={draft.ownName}
            request={request}
            recordTitle={draft.record?.title ?? null}
            act={share}
            onBack={() => go(index - 1)}
            onClose={onClose}
          />
        ) : (
          <>
            {complaint !== null && (
              <Notice tone="waiting" role="alert">
                <Text>{complaint}</Text>
              </Notice>
            )}
            <Group justify="space-between">
              {index > 0 ? (
                <Button variant="default" onClick={() => go(index - 1)}>
                  Back
                </Button>
              ) : (
                <span />
              )}
              <Button onClick={next}>Go on</Button>
            </Group>
          </>
        )}
      </Stack>
    </Sheet>
  );
}

function Progress({ index }: { index: number }): ReactNode {
  return (
    <>
      <VisuallyHidden>
        Step {index + 1} of {SHARE_STEPS.length}
      </VisuallyHidden>
      <ol className={classes.progress} aria-hidden="true">
        {SHARE_STEPS.map((step, position) => (
          <li key={step} data-done={position <= index || undefined} />
        ))}
      </ol>
    </>
  );
}

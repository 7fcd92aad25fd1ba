/**
 * @module components/act
 * Draws an act of {@link useAct}: waiting for the wallet, asking who pays, sent, done, refused, replaced or failed, each with its next step.
 */
import { Loader, Progress, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconWallet } from "@tabler/icons-react";
import { useEffect, useRef, type ReactNode } from "react";
import type { Step } from "@carekey/sdk/client";
import type { Act } from "../lib/use-act.ts";
import { ErrorNotice } from "./error-notice.tsx";
import { Notice } from "./notice.tsx";
import { PayYourself } from "./pay-yourself.tsx";
import { TechnicalDetails } from "./technical-details.tsx";
import classes from "./act.module.css";

export { useAct, type Act, type UseActOptions } from "../lib/use-act.ts";

/** Props of {@link ActStatus}. */
export type ActStatusProps = {
  act: Pick<Act<never, unknown>, "status" | "step" | "question" | "txHash" | "error" | "doneText">;
  /** Tries again with the same input; leave it out where the primary button does that. */
  onRetry?: () => void;
  /** Draws nothing when done, where the screen itself shows the outcome. */
  hideDone?: boolean;
};

/** The state of an act, in words, scrolled into view when it changes. Nothing while idle. */
export function ActStatus({ act, onRetry, hideDone = false }: ActStatusProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const asks = act.question !== null;
  // On a phone it would appear below what can be seen, and nothing would seem to have happened.
  useEffect(() => {
    place.current?.scrollIntoView({ block: "nearest" });
  }, [act.status, asks]);
  if (act.status === "idle" || (act.status === "done" && hideDone)) return null;
  return (
    <div ref={place} className={classes.status}>
      <State act={act} onRetry={onRetry} />
    </div>
  );
}

function State({ act, onRetry }: Pick<ActStatusProps, "act" | "onRetry">): ReactNode {
  if (act.question !== null) return <PayYourself question={act.question} />;
  if (act.status === "running") return <Running step={act.step} txHash={act.txHash} />;
  if (act.status === "done") {
    return (
      <Notice tone="accent" role="status" icon={<IconCircleCheck size={24} />} title={act.doneText}>
        <TransactionLink txHash={act.txHash} />
      </Notice>
    );
  }
  return <ErrorNotice error={act.error} onRetry={onRetry} />;
}

function Running({ step, txHash }: { step: Step | null; txHash: string | null }): ReactNode {
  const waitsForWallet = step?.kind === "sign" || step?.kind === "send";
  return (
    <Notice
      role="status"
      tone={waitsForWallet ? "waiting" : "neutral"}
      icon={waitsForWallet ? <IconWallet size={24} /> : <Loader size={22} />}
      title={
        waitsForWallet ? "Waiting for your wallet" : step?.kind === "wait" ? "Sent. Waiting for the network" : "Working"
      }
    >
      <Stack gap="xs">
        <Text>{step?.label ?? "One moment."}</Text>
        {step?.progress !== undefined && (
          <Progress value={step.progress * 100} aria-label={step.label} size="lg" transitionDuration={120} />
        )}
        <TransactionLink txHash={txHash} />
      </Stack>
    </Notice>
  );
}

function TransactionLink({ txHash }: { txHash: string | null }): ReactNode {
  if (txHash === null) return null;
  return <TechnicalDetails facts={[{ label: "Transaction", value: txHash, copy: txHash }]} />;
}

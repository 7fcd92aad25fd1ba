/**
 * @module lib/use-act
 * One act that may need the wallet: what it is doing now, and how it ended. Drawn by `components/act.tsx`.
 */
import { useMutation, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { ActOptions, OwnCost, Step } from "@carekey/sdk/client";
import type { Hex } from "@carekey/sdk/bytes";
import { errorCodeOf, isRefusal } from "./error-sentences.ts";
import { announce } from "./announce.ts";
import { noteOwnAct } from "./own-acts.ts";
import { refresh } from "./refresh.ts";

/** Where an act stands. `refused` is the person's own no; `replaced` a transaction changed in the wallet. */
export type ActStatusName = "idle" | "running" | "done" | "refused" | "replaced" | "failed";

/** A question in the middle of an act: whether the own wallet shall pay for it. */
export type CostQuestion = { cost: OwnCost; answer(pays: boolean): void };

/** An act, as {@link useAct} gives it. */
export type Act<Input, Output> = {
  status: ActStatusName;
  /** The step being done, while running. */
  step: Step | null;
  /** What the person has to answer before the act goes on, if anything. */
  question: CostQuestion | null;
  /** Hash of the last transaction sent. */
  txHash: Hex | null;
  error: unknown;
  output: Output | undefined;
  /** What to say when done. */
  doneText: string;
  isRunning: boolean;
  /** Starts the act. Never rejects: the outcome is in `status`; resolves with the output, or undefined. */
  run(input: Input): Promise<Output | undefined>;
  /** Stops an act whose flow heeds the signal. */
  cancel(): void;
  reset(): void;
};

/** Options of {@link useAct}. */
export type UseActOptions<Input, Output> = {
  /** Said when done, as a whole sentence; also read out by screen readers. */
  done?: string | ((output: Output, input: Input) => string);
  /** Keys of the queries that the act makes stale. */
  invalidate?: readonly QueryKey[];
  onDone?: (output: Output, input: Input) => void;
};

/** Runs a flow of the client layer as an act. */
export function useAct<Output, Input = void>(
  flow: (input: Input, options: ActOptions) => Promise<Output>,
  options: UseActOptions<Input, Output> = {},
): Act<Input, Output> {
  const queryClient = useQueryClient();
  const [step, setStep] = useState<Step | null>(null);
  const [txHash, setTxHash] = useState<Hex | null>(null);
  const { question, ask, withdraw } = useCostQuestion();
  const controller = useRef<AbortController | null>(null);
  const running = useRef(false);
  const stop = useCallback(() => {
    controller.current?.abort();
    withdraw();
  }, [withdraw]);
  useEffect(() => stop, [stop]);

  const mutation = useMutation({
    networkMode: "always",
    gcTime: 0,
    retry: false,
    mutationFn: (input: Input) => {
      controller.current = new AbortController();
      setStep(null);
      setTxHash(null);
      return flow(input, {
        signal: controller.current.signal,
        onStep: (next) => {
          setStep(next);
          if (next.txHash === undefined) return;
          setTxHash(next.txHash);
          noteOwnAct(next.txHash);
        },
        confirmCost: ask,
      });
    },
    onSuccess: (output, input) => {
      announce(doneTextOf(options, output, input));
      for (const queryKey of options.invalidate ?? []) void refresh(queryClient, queryKey);
      options.onDone?.(output, input);
    },
  });

  return {
    status: statusOf(mutation.status, mutation.error),
    step: mutation.isPending ? step : null,
    question: mutation.isPending ? question : null,
    txHash,
    error: mutation.error,
    output: mutation.data,
    doneText: mutation.isSuccess ? doneTextOf(options, mutation.data, mutation.variables) : "",
    isRunning: mutation.isPending,
    run: async (input) => {
      if (running.current) return undefined;
      running.current = true;
      try {
        return await mutation.mutateAsync(input);
      } catch {
        return undefined;
      } finally {
        running.current = false;
      }
    },
    cancel: stop,
    reset: () => {
      stop();
      mutation.reset();
    },
  };
}

/** One question at a time; one that is withdrawn is answered with no. */
function useCostQuestion() {
  const [question, setQuestion] = useState<CostQuestion | null>(null);
  const asked = useRef<CostQuestion | null>(null);
  const ask = useCallback(
    (cost: OwnCost) =>
      new Promise<boolean>((resolve) => {
        const answer = (pays: boolean): void => {
          asked.current = null;
          setQuestion(null);
          resolve(pays);
        };
        asked.current = { cost, answer };
        setQuestion(asked.current);
      }),
    [],
  );
  const withdraw = useCallback(() => asked.current?.answer(false), []);
  return { question, ask, withdraw };
}

function doneTextOf<Input, Output>(options: UseActOptions<Input, Output>, output: Output, input: Input): string {
  if (typeof options.done === "function") return options.done(output, input);
  return options.done ?? "Done.";
}

function statusOf(status: "idle" | "pending" | "success" | "error", error: unknown): ActStatusName {
  if (status === "pending") return "running";
  if (status === "success") return "done";
  if (status === "idle") return "idle";
  if (isRefusal(error)) return "refused";
  return errorCodeOf(error) === "TRANSACTION_REPLACED" ? "replaced" : "failed";
}

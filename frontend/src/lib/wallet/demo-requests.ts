/**
 * @module lib/wallet/demo-requests
 * What the demo wallet asks the person, one request at a time. The dialog in `app/demo-wallet-dialog.tsx` answers.
 */
import type { Address } from "@carekey/sdk/bytes";
import type { ReadableField } from "./readable.ts";

/** A person of the local test network. */
export type DemoPerson = { name: string; role: string; address: Address };

/** Whom to be. */
export type ConnectQuestion = {
  kind: "connect";
  people: readonly DemoPerson[];
  answer: (person: DemoPerson | null) => void;
};

/** Something to sign or send. */
export type SignQuestion = {
  kind: "message" | "typed-data" | "transaction";
  person: DemoPerson;
  /** What is asked, in a word or two: "Grant", "register". */
  title: string;
  /** A message as it is signed. */
  text?: string;
  fields?: readonly ReadableField[];
  answer: (accepted: boolean) => void;
};

/** One question to the person. */
export type DemoRequest = ConnectQuestion | SignQuestion;

type Listener = () => void;

let queue: readonly DemoRequest[] = [];
const listeners = new Set<Listener>();

function publish(next: readonly DemoRequest[]): void {
  queue = next;
  for (const listener of listeners) listener();
}

/** Puts a question at the end of the queue. */
export function askPerson(request: DemoRequest): void {
  publish([...queue, request]);
}

/** Takes an answered question off the queue. */
export function dropRequest(request: DemoRequest): void {
  publish(queue.filter((other) => other !== request));
}

/** The question to show now, for `useSyncExternalStore`. */
export function currentRequest(): DemoRequest | null {
  return queue[0] ?? null;
}

/** Subscribes to changes of the queue. */
export function onRequestChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * @module features/consent/share-draft
 * What a person fills in before sharing, what is still missing, and how it becomes a request for a grant. Pure functions.
 */
import type { Hex } from "@carekey/sdk/bytes";
import type { AccessRequest, GrantRequest, PersonProfile } from "@carekey/sdk/client";
import { OPEN_ENDED_SECONDS } from "@carekey/sdk/consent";
import { dayOf, startOfDay } from "../../lib/days.ts";
import { isTrusted, isUnvouched } from "../../lib/trusted-key.ts";

const DAY = 86_400;

/** Offered ends of sharing. */
export const DURATIONS: readonly { value: string; label: string; seconds: number }[] = [
  { value: "day", label: "One day", seconds: DAY },
  { value: "week", label: "One week", seconds: 7 * DAY },
  { value: "month", label: "One month", seconds: 30 * DAY },
  { value: "half-year", label: "Six months", seconds: 182 * DAY },
  { value: "year", label: "One year", seconds: 365 * DAY },
  { value: "open", label: "Until I stop it", seconds: 2 * OPEN_ENDED_SECONDS },
];

/** What is offered first to somebody who wants a limit. */
export const USUAL_LIMIT = 10;

/** Longest purpose and name, in characters. */
export const MAX_PURPOSE = 200;
export const MAX_NAME = 80;

/** One record to share alone. `recordedAt` in seconds. */
export type RecordToShare = { pointer: Hex; recordedAt: number; title: string };

/** What has been filled in. */
export type ShareDraft = {
  grantee: PersonProfile | null;
  /** How the patient calls somebody for whom nobody vouches. */
  granteeName: string;
  /** The grantee may read and write only while working for it. */
  organisation: PersonProfile | null;
  /** Only this record, in place of parts. */
  record: RecordToShare | null;
  scopes: readonly string[];
  canRead: boolean;
  canWrite: boolean;
  /** A value of {@link DURATIONS}, or "date". */
  duration: string;
  /** Last day, as a date field writes it; used with "date". */
  lastDay: string;
  fromNow: boolean;
  /** Most views; null = as often as needed. */
  maxViews: number | null;
  /** A one-time code of the reader for what they open. */
  asksForCode: boolean;
  purpose: string;
  /** How the patient is called in the grantee's list. */
  ownName: string;
};

/** Nothing chosen yet. Reading for one month is what most people want. */
export const EMPTY_DRAFT: ShareDraft = {
  grantee: null,
  granteeName: "",
  organisation: null,
  record: null,
  scopes: [],
  canRead: true,
  canWrite: false,
  duration: "month",
  lastDay: "",
  fromNow: false,
  maxViews: null,
  asksForCode: false,
  purpose: "",
  ownName: "",
};

/** A draft that answers a request: what was asked for, which the person may narrow. */
export function draftFromRequest(request: AccessRequest, ownName = ""): ShareDraft {
  return {
    ...EMPTY_DRAFT,
    grantee: request.fromProfile,
    scopes: request.scopes,
    canRead: request.rights.includes("read"),
    canWrite: request.rights.includes("write") && request.fromProfile !== null && mayWrite(request.fromProfile),
    duration: "date",
    lastDay: dayOf(request.expiresAt),
    purpose: request.purpose,
    ownName,
  };
}

/** The steps of the sheet. */
export const SHARE_STEPS = ["who", "what", "how", "read-back"] as const;
/** One of {@link SHARE_STEPS}. */
export type ShareStep = (typeof SHARE_STEPS)[number];

/** What is missing in a step, as a sentence; null when it is complete. */
export function missingIn(step: ShareStep, draft: ShareDraft, now: number): string | null {
  switch (step) {
    case "who":
      if (draft.grantee === null) return "Choose the person you want to share with.";
      if (!isTrusted(draft.grantee)) return "This person’s key cannot be trusted, so nothing can be shared.";
      return isUnvouched(draft.grantee) && draft.granteeName.trim() === "" ? "Say how you call this person." : null;
    case "what":
      if (draft.record !== null) return null;
      if (!draft.canRead && !draft.canWrite) return "Choose reading, writing, or both.";
      return draft.canRead && draft.scopes.length === 0 ? "Choose at least one part of your records." : null;
    case "how": {
      const end = endOf(draft, now);
      if (end === null) return "Choose the last day.";
      if (end <= now) return "The last day is in the past.";
      return draft.purpose.trim() === "" ? "Say in a few words what it is for." : null;
    }
    case "read-back":
      return null;
  }
}

/** When the sharing ends, in seconds; a chosen day counts to its end. Null without a day. */
export function endOf(draft: Pick<ShareDraft, "duration" | "lastDay">, now: number): number | null {
  const preset = DURATIONS.find(({ value }) => value === draft.duration);
  if (preset !== undefined) return now + preset.seconds;
  return startOfDay(draft.lastDay, 1);
}

/** What the person is called in the steps. */
export function calledBy({ grantee, granteeName }: Pick<ShareDraft, "grantee" | "granteeName">): string {
  if (grantee === null) return "this person";
  return isUnvouched(grantee) && granteeName.trim() !== "" ? granteeName.trim() : grantee.name;
}

/** Whether an account may send entries: the contract takes them from clinicians alone. */
export function mayWrite({ identity }: Pick<PersonProfile, "identity">): boolean {
  return identity.role === 2;
}

/** The request for the sdk, or null while something is missing. */
export function grantRequestOf(draft: ShareDraft, now: number): GrantRequest | null {
  const { grantee } = draft;
  const expiresAt = endOf(draft, now);
  if (grantee === null || expiresAt === null) return null;
  if (SHARE_STEPS.some((step) => missingIn(step, draft, now) !== null)) return null;
  const common = {
    grantee: grantee.address,
    granteeName: isUnvouched(grantee) ? draft.granteeName.trim() : grantee.name,
    expiresAt,
    purpose: draft.purpose.trim(),
    ...(draft.organisation === null ? {} : { organisation: draft.organisation.address }),
  };
  const reading = {
    ...(draft.canRead && draft.maxViews !== null ? { maxViews: draft.maxViews } : {}),
    ...(draft.canRead && draft.asksForCode ? { asksForCode: true } : {}),
  };
  if (draft.record !== null) {
    const { pointer, recordedAt } = draft.record;
    return { ...common, ...reading, scopes: [], rights: ["read"], record: { pointer, recordedAt } };
  }
  return {
    ...common,
    ...reading,
    scopes: draft.canRead ? draft.scopes : [],
    rights: [...(draft.canRead ? (["read"] as const) : []), ...(draft.canWrite ? (["write"] as const) : [])],
    fromNow: draft.canRead && draft.fromNow,
  };
}

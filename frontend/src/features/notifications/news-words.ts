/**
 * @module features/notifications/news-words
 * News in plain words, and the screen where one acts on it. Pure functions.
 */
import type { NewsItem, NewsWhat } from "@carekey/sdk/client";
import { formatDate, type FormatOptions } from "../../lib/format.ts";
import type { DeviceNews } from "../../lib/device-news.ts";
import type { AppRole } from "../../lib/roles.ts";

type Words = (name: string) => string;

const words: Readonly<Record<NewsWhat, Words>> = {
  request: (name) => `${name} asks to see your records.`,
  refusal: (name) => `${name} said no to your request.`,
  grant: (name) => `${name} shares records with you.`,
  entry: (name) => `${name} sent you an entry for your records.`,
  approved: (name) => `${name} approved what you sent.`,
  denied: (name) => `${name} did not approve what you sent.`,
  decided: (name) => `${name} decided about what you sent.`,
  shared: (name) => `You let ${name} read records of yours.`,
  "shared-writing": (name) => `You let ${name} add entries to your records.`,
  stopped: (name) => `You took back that ${name} may read your records.`,
  "stopped-writing": (name) => `You took back that ${name} may add entries.`,
  "all-stopped": () => "You stopped sharing with everybody.",
  application: (name) => `${name} asks you to confirm a licence.`,
  "application-refused": (name) => `${name} did not confirm your licence.`,
  verified: () => "The registrar confirmed your licence.",
  suspended: () => "The registrar suspended your licence.",
  restored: () => "The registrar restored your licence.",
  key: () => "Your keys were replaced by new ones.",
  emergency: (name) => `${name} asks for emergency access.`,
  "emergency-asked": (name) => `${name} asks for your word in an emergency.`,
  "emergency-confirmed": (name) => `A second doctor confirmed the emergency request of ${name}.`,
  "emergency-stopped": (name) => `The emergency request of ${name} was stopped.`,
  "emergency-reviewed": (name) => `The registrar looked into the emergency request of ${name}.`,
  "emergency-as-contact": (name) => `An emergency concerns ${name}, whose contact you are.`,
  "emergency-contact": (name) => `${name} named you as a contact for emergencies.`,
  identifier: (name) => `${name} sent you a number, such as a hospital number.`,
  guardian: (name) => `${name} named you a guardian of their records.`,
  "guardian-asked": (name) => `${name} asks you, as a guardian, to confirm who they are.`,
  "guardian-answered": (name) => `${name}, a guardian, handed you a part of the old keys.`,
  follow: () => "A new wallet asks to go on from this one.",
  "keys-handed-over": (name) => `${name} handed over the keys of the old account.`,
  "guardians-changed": () => "Your guardians were changed.",
  "vouched-against": (name) => `${name}, a guardian of yours, says that another wallet is yours now.`,
  "vouched-for": (name) => `${name}, a guardian, confirmed that this wallet is yours.`,
  objected: () => "Your guardians’ words about a new wallet were stopped from this account.",
  followed: () => "Your records go on in another wallet.",
  follows: () => "This wallet goes on with the records of your old one.",
  viewed: () => "A record of yours was opened.",
  message: (name) => `${name} sent you something.`,
  unknown: () => "Something happened that this device cannot read.",
};

/** What one can do about it: mostly if it was said to be of one's own doing, and was not. */
const NEXT: Partial<Record<NewsWhat, string>> = {
  shared: "If it was not you, stop it under Sharing.",
  "shared-writing": "If it was not you, stop it under Sharing.",
  stopped: "If it was not you, make new keys under Me.",
  "stopped-writing": "If it was not you, make new keys under Me.",
  "all-stopped": "If it was not you, make new keys under Me.",
  key: "If it was not you, somebody else uses your wallet.",
  follow: "Anybody can ask. If it was not you, leave it.",
  "guardians-changed": "If it was not you, somebody else uses your wallet.",
  "vouched-against": "If you did not ask for that, stop it now.",
  viewed: "Your access log says who, and why.",
};

/** One sentence, and one about what to do if there is one. */
export function newsWords({ what, name, who, words: said }: NewsItem): { text: string; more: string | null } {
  const isOwnEmergency = what.startsWith("emergency") && who === null;
  const text = isOwnEmergency ? ownEmergencyWords(what) : words[what](name ?? "somebody");
  // Who applies may have a licence in another name than the account's: the registrar is told only then.
  return { text, more: said === null || said === name ? (NEXT[what] ?? null) : `“${said}”` };
}

function ownEmergencyWords(what: NewsWhat): string {
  if (what === "emergency-confirmed") return "A second doctor confirmed your emergency request.";
  if (what === "emergency-stopped") return "Your emergency request was stopped.";
  if (what === "emergency-reviewed") return "The registrar looked into your emergency request.";
  return "You asked for emergency access.";
}

/** Whether it is drawn as urgent. */
export function isUrgent({ what }: { what: NewsWhat | DeviceNews["what"] }): boolean {
  return what.startsWith("emergency") || what === "unexplained-views" || what === "vouched-against";
}

const emergencyPath: Readonly<Record<AppRole, string | null>> = {
  patient: "/me/emergency",
  clinician: "/emergency",
  organisation: null,
  registrar: "/emergencies",
};

/** The screen where one acts on it; null where this role has none. */
export function newsPath({ what, who }: Pick<NewsItem, "what" | "who">, role: AppRole): string | null {
  if (what === "emergency-contact") return null;
  // What a contact can still stop stands at the top of every screen.
  if (what === "emergency-as-contact") return role === "patient" ? "/home" : role === "clinician" ? "/today" : null;
  if (what.startsWith("emergency")) return emergencyPath[role];
  switch (what) {
    case "request":
    case "shared":
    case "shared-writing":
    case "stopped":
    case "stopped-writing":
    case "all-stopped":
      return role === "patient" ? "/sharing" : null;
    case "entry":
      return role === "patient" ? "/records" : null;
    case "grant":
      if (role === "patient") return "/sharing";
      return role !== "registrar" && who !== null ? `/patients/${who}` : null;
    case "refusal":
    case "approved":
    case "denied":
    case "decided":
      return role === "clinician" ? "/inbox" : null;
    case "application":
      return role === "registrar" ? "/applications" : null;
    case "verified":
    case "suspended":
    case "restored":
    case "application-refused":
      return role === "clinician" ? "/today" : null;
    case "guardian":
    case "guardian-asked":
      return "/me/guardian-of";
    case "guardians-changed":
      return role === "patient" ? "/me/guardians" : "/me";
    case "guardian-answered":
    case "vouched-for":
    case "followed":
    case "follows":
    case "follow":
    case "keys-handed-over":
      return role === "patient" ? "/me/new-wallet" : "/me";
    case "key":
    case "vouched-against":
    case "objected":
    case "identifier":
      return "/me";
    case "viewed":
      return role === "patient" ? "/activity" : null;
    default:
      return null;
  }
}

/** News of this device, in one sentence. */
export function deviceNewsWords(news: DeviceNews, options: FormatOptions = {}): string {
  switch (news.what) {
    case "given-ends":
      return `What you share with ${news.name} ends by itself on ${formatDate(news.endsAt, options)}.`;
    case "received-ends":
      return `What ${news.name} shares with you ends by itself on ${formatDate(news.endsAt, options)}.`;
    case "views":
      return `${news.name} opened ${recordsOf(news.count)} of yours.`;
    case "emergency-views":
      return `${news.name} opened ${recordsOf(news.count)} of yours in an emergency.`;
    case "unexplained-views":
      return `${news.name} opened ${recordsOf(news.count)} of yours, and nothing you allowed explains it.`;
  }
}

function recordsOf(count: number): string {
  return count === 1 ? "a record" : `records ${count} times`;
}

/** The screen where one acts on news of this device. */
export function deviceNewsPath(news: DeviceNews): string {
  if (news.what === "given-ends") return "/sharing";
  return news.what === "received-ends" ? `/patients/${news.who}` : "/activity";
}

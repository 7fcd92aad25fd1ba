/**
 * @module features/care/entry-drafts
 * What a clinician typed and has not sent yet, kept sealed on this device (lib/device-seal). One row holds all drafts of a person, so
 * that not even their names show for whom something is being written.
 */
import type { PrivateStore } from "@carekey/sdk/client";
import { openOnDevice, sealOnDevice } from "../../lib/device-seal.ts";

/** Most drafts that are kept; the oldest go first. */
export const MAX_DRAFTS = 20;

/** Values of a form, as JSON can hold them. */
export type FormValues = Readonly<Record<string, unknown>>;

/** A draft, and when it was last changed, in seconds. */
export type KeptDraft = { savedAt: number; values: FormValues };

/** The drafts of one person on this device, by name. */
export type DraftBook = {
  load(name: string): Promise<KeptDraft | null>;
  save(name: string, values: FormValues): Promise<void>;
  drop(name: string): Promise<void>;
};

type Drafts = Readonly<Record<string, KeptDraft>>;

/** Opens the book. `key` as of deriveDeviceKey; `place` names chain, contract and person. Writes run one after another. */
export function openDraftBook(kept: { store: PrivateStore; key: CryptoKey; place: string; now(): number }): DraftBook {
  const { store, key, place, now } = kept;
  let last: Promise<unknown> = Promise.resolve();

  async function read(): Promise<Drafts> {
    const sealed = await store.get(place);
    const value = sealed === null ? null : await openOnDevice(key, place, sealed);
    return typeof value === "string" ? (JSON.parse(value) as Drafts) : {};
  }

  function change(act: (drafts: Drafts) => Drafts): Promise<void> {
    const next = last.then(async () => {
      const newest = Object.entries(act(await read())).sort(([, left], [, right]) => right.savedAt - left.savedAt);
      const json = JSON.stringify(Object.fromEntries(newest.slice(0, MAX_DRAFTS)));
      await store.put(place, await sealOnDevice(key, place, json));
    });
    last = next.catch(() => undefined);
    return next;
  }

  return {
    load: async (name) => (await last.then(read))[name] ?? null,
    save: (name, values) => change((drafts) => ({ ...drafts, [name]: { savedAt: now(), values } })),
    drop: (name) => change(({ [name]: _, ...others }) => others),
  };
}

/** What of a draft fits the form as it is today: fields that the form has, of the kind that it has. */
export function fittingValues<Values extends FormValues>(start: Values, draft: FormValues | null): Values {
  const fits = Object.entries(draft ?? {}).filter(
    ([name, value]) => Object.hasOwn(start, name) && kindOf(value) === kindOf(start[name]),
  );
  return { ...start, ...Object.fromEntries(fits) };
}

/** A field for a number holds text while it is empty. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  return typeof value === "number" ? "string" : typeof value;
}

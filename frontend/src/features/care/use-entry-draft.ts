/**
 * @module features/care/use-entry-draft
 * The draft of one form: what was typed before, and where each change goes.
 */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { deriveDeviceKey } from "../../lib/device-seal.ts";
import { useCarekey } from "../../lib/carekey.tsx";
import type { Viewer } from "../../lib/known-keys.ts";
import { openDraftBook, type FormValues, type KeptDraft } from "./entry-drafts.ts";

/** A draft, once it is known whether there is one. */
export type EntryDraft = {
  isLoaded: boolean;
  /** What was typed in an earlier sitting; null when nothing was, or after it was dropped. */
  kept: KeptDraft | null;
  save(values: FormValues): void;
  /** Forgets what was typed. */
  drop(): void;
};

async function openBook({ carekey, person }: Viewer) {
  const { chainId, carekey: contract } = carekey.deployment;
  return openDraftBook({
    store: carekey.store,
    key: await deriveDeviceKey(person.keys.vaultKey, "carekey/entry-drafts/v1"),
    place: `carekey/entry-drafts/v1/${chainId}/${contract}/${person.address}`,
    now: () => carekey.now(),
  });
}

/** The draft of this name. */
export function useEntryDraft(name: string): EntryDraft {
  const viewer = useCarekey();
  const [isDropped, setDropped] = useState(false);
  const { data, isPending } = useQuery({
    queryKey: ["entry-draft", viewer.person.address, name],
    queryFn: async () => {
      const book = await openBook(viewer);
      return { book, kept: await book.load(name) };
    },
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    structuralSharing: false,
    refetchOnWindowFocus: false,
  });
  return {
    isLoaded: !isPending,
    kept: isDropped ? null : (data?.kept ?? null),
    save: (values) => void data?.book.save(name, values),
    drop: () => {
      setDropped(true);
      void data?.book.drop(name);
    },
  };
}

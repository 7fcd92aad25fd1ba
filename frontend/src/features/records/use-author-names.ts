/**
 * @module features/records/use-author-names
 * Names of everybody who wrote in a chart, for search and rows.
 */
import { useQueries } from "@tanstack/react-query";
import { useCallback } from "react";
import type { Address } from "@carekey/sdk/bytes";
import type { OwnRecord } from "@carekey/sdk/client";
import { personQuery } from "../../components/person-name.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { formatAddress } from "../../lib/format.ts";
import { authorsOf, isSame } from "./record-model.ts";

/** A function from address to name: "You" for the person, the short address for an unknown author. */
export function useAuthorNames(records: readonly OwnRecord[]): (address: Address) => string {
  const viewer = useCarekey();
  const { person } = viewer;
  const authors = authorsOf(records).filter((address) => !isSame(address, person.address));
  const names = useQueries({
    queries: authors.map((address) => personQuery(viewer, address)),
    combine: (results) =>
      Object.fromEntries(results.map(({ data }, index) => [authors[index]!.toLowerCase(), data?.name ?? ""])),
  });
  return useCallback(
    (address: Address) => {
      if (isSame(address, person.address)) return "You";
      return names[address.toLowerCase()] || formatAddress(address);
    },
    [names, person.address],
  );
}

/**
 * @module features/care/item-filter-bar
 * Narrows a chart by words in what is open, and behind one button by part, author and date.
 */
import { NativeSelect } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { SharedItem } from "@carekey/sdk/client";
import { FilterBar } from "../../components/filter-bar.tsx";
import { PeriodFields } from "../../components/period-fields.tsx";
import { personQuery } from "../../components/person-name.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { formatAddress } from "../../lib/format.ts";
import { NO_ITEM_FILTERS, countOf, isSame, type ItemFilters } from "./care-model.ts";

/** Props of {@link ItemFilterBar}. */
export type ItemFilterBarProps = {
  items: readonly SharedItem[];
  filters: ItemFilters;
  onChange: (filters: ItemFilters) => void;
};

/** The filters. Nothing to narrow, nothing drawn. */
export function ItemFilterBar({ items, filters, onChange }: ItemFilterBarProps): ReactNode {
  const authors = useAuthors(items);
  if (items.length < 2) return null;
  const scopes = [...new Set(items.map(({ scopeLabel }) => scopeLabel))];
  const set = (change: Partial<ItemFilters>) => onChange({ ...filters, ...change });
  return (
    <FilterBar
      searchLabel="Search the records"
      placeholder="In open records"
      search={filters.search}
      onSearch={(search) => set({ search })}
      activeCount={countOf(filters)}
      onClear={() => onChange(NO_ITEM_FILTERS)}
    >
      <NativeSelect
        label="Part"
        value={filters.scope}
        onChange={(event) => set({ scope: event.currentTarget.value })}
        data={[{ value: "", label: "All parts" }, ...scopes.map((scope) => ({ value: scope, label: scope }))]}
      />
      <NativeSelect
        label="Written by"
        value={filters.author}
        onChange={(event) => set({ author: event.currentTarget.value })}
        data={[{ value: "", label: "Everybody" }, ...authors]}
      />
      <PeriodFields period={filters} onChange={set} />
    </FilterBar>
  );
}

function useAuthors(items: readonly SharedItem[]): { value: string; label: string }[] {
  const viewer = useCarekey();
  const authors = [...new Map(items.map(({ entry }) => [entry.author.toLowerCase(), entry.author])).values()];
  const profiles = useQueries({ queries: authors.map((author) => personQuery(viewer, author)) });
  const patient = items[0]?.grant;
  return authors.map((author, index) => ({
    value: author,
    label:
      patient !== undefined && isSame(patient.patient, author)
        ? patient.patientName
        : (profiles[index]?.data?.name ?? formatAddress(author)),
  }));
}

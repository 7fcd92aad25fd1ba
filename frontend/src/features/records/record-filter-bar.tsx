/**
 * @module features/records/record-filter-bar
 * Search, and behind one button the filters by kind, author, time and standing.
 */
import { NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import type { Address } from "@carekey/sdk/bytes";
import type { OwnRecord } from "@carekey/sdk/client";
import { FilterBar } from "../../components/filter-bar.tsx";
import { FilterSelect } from "../../components/filter-select.tsx";
import { PeriodFields } from "../../components/period-fields.tsx";
import { authorsOf, countOf, kindOf, NO_FILTERS, timelineKindLabels, type RecordFilters } from "./record-model.ts";

/** Props of {@link RecordFilterBar}. */
export type RecordFilterBarProps = {
  records: readonly OwnRecord[];
  filters: RecordFilters;
  onChange: (filters: RecordFilters) => void;
  nameOf: (address: Address) => string;
};

const STANDINGS: readonly { value: RecordFilters["standing"]; label: string }[] = [
  { value: "current", label: "What stands today" },
  { value: "waiting", label: "Waiting for you" },
  { value: "replaced", label: "Older versions" },
  { value: "denied", label: "What you refused" },
  { value: "all", label: "Everything" },
];

/** The filters of the timeline. */
export function RecordFilterBar({ records, filters, onChange, nameOf }: RecordFilterBarProps): ReactNode {
  const set = (values: Partial<RecordFilters>) => onChange({ ...filters, ...values });
  return (
    <FilterBar
      searchLabel="Search your records"
      placeholder="Search by title, kind or author"
      search={filters.search}
      onSearch={(search) => set({ search })}
      activeCount={countOf(filters)}
      onClear={() => onChange(NO_FILTERS)}
    >
      <Choices records={records} filters={filters} set={set} nameOf={nameOf} />
    </FilterBar>
  );
}

type ChoicesProps = Pick<RecordFilterBarProps, "records" | "filters" | "nameOf"> & {
  set: (values: Partial<RecordFilters>) => void;
};

function Choices({ records, filters, set, nameOf }: ChoicesProps): ReactNode {
  const kinds = [...new Set(records.map(({ manifest }) => kindOf(manifest)))];
  return (
    <>
      <FilterSelect
        label="Kind"
        anyLabel="All kinds"
        value={filters.kinds[0] ?? null}
        onChange={(kind) => set({ kinds: kind === null ? [] : [kind] })}
        choices={kinds.map((kind) => ({ value: kind, label: timelineKindLabels[kind] }))}
      />
      <FilterSelect
        label="Written by"
        anyLabel="Anybody"
        value={filters.authors[0] ?? null}
        onChange={(author) => set({ authors: author === null ? [] : [author] })}
        choices={authorsOf(records).map((address) => ({ value: address, label: nameOf(address) }))}
      />
      <PeriodFields period={filters} onChange={set} />
      <NativeSelect
        label="Show"
        value={filters.standing}
        onChange={(event) => set({ standing: event.currentTarget.value as RecordFilters["standing"] })}
        data={STANDINGS.map((standing) => ({ ...standing }))}
      />
    </>
  );
}

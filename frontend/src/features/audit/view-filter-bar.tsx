/**
 * @module features/audit/view-filter-bar
 * Search in the access log, and behind one button the filters by person, consent, keeper, time and kind.
 */
import { NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import type { AccessLog } from "@carekey/sdk/client";
import { FilterBar } from "../../components/filter-bar.tsx";
import { FilterSelect } from "../../components/filter-select.tsx";
import { PeriodFields } from "../../components/period-fields.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { formatDate } from "../../lib/format.ts";
import { NO_VIEW_FILTERS, consentsOf, countOf, readersOf, type ViewFilters } from "./view-filters.ts";

/** Props of {@link ViewFilterBar}. */
export type ViewFilterBarProps = { log: AccessLog; filters: ViewFilters; onChange: (filters: ViewFilters) => void };

const KINDS: readonly { value: ViewFilters["show"]; label: string }[] = [
  { value: "all", label: "Every view" },
  { value: "emergencies", label: "Emergencies" },
  { value: "alarms", label: "What nothing explains" },
];

/** The filters of the access log. */
export function ViewFilterBar({ log, filters, onChange }: ViewFilterBarProps): ReactNode {
  const { carekey } = useCarekey();
  const set = (values: Partial<ViewFilters>) => onChange({ ...filters, ...values });
  return (
    <FilterBar
      searchLabel="Search who looked"
      placeholder="Record, person or reason"
      search={filters.search}
      onSearch={(search) => set({ search })}
      activeCount={countOf(filters)}
      onClear={() => onChange(NO_VIEW_FILTERS)}
    >
      <FilterSelect
        label="Who"
        anyLabel="Everybody"
        value={filters.reader}
        onChange={(reader) => set({ reader })}
        choices={readersOf(log.views).map(({ address, name }) => ({ value: address, label: name }))}
      />
      <FilterSelect
        label="Under which consent"
        anyLabel="Any"
        value={filters.consentId}
        onChange={(consentId) => set({ consentId })}
        choices={consentsOf(log.views).map(({ id, view }) => ({
          value: id,
          label: `${view.readerName}, ${formatDate(view.consent!.grantedAt)}: ${view.consent!.scopes}`,
        }))}
      />
      <NativeSelect
        label="Show"
        value={filters.show}
        onChange={(event) => set({ show: event.currentTarget.value as ViewFilters["show"] })}
        data={KINDS.map((kind) => ({ ...kind }))}
      />
      <PeriodFields period={filters} onChange={set} />
      <FilterSelect
        label="Written down by"
        anyLabel="Any keeper"
        value={filters.keeper}
        onChange={(keeper) => set({ keeper })}
        choices={carekey.keepers.map(({ address }, index) => ({ value: address, label: `Keeper ${index + 1}` }))}
      />
    </FilterBar>
  );
}

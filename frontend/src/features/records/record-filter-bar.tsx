/**
 * @module features/records/record-filter-bar
 * Search, and behind one button the filters by kind, author, time and standing.
 */
import { Button, CloseButton, NativeSelect, TextInput } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconSearch } from "@tabler/icons-react";
import { useId, useState, type ReactNode } from "react";
import type { Address } from "@carekey/sdk/bytes";
import type { OwnRecord } from "@carekey/sdk/client";
import {
  authorsOf,
  isNarrowed,
  kindOf,
  NO_FILTERS,
  timelineKindLabels,
  type RecordFilters,
  type TimelineKind,
} from "./record-model.ts";
import classes from "./timeline.module.css";

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
  const [isOpen, setIsOpen] = useState(false);
  const panelId = useId();
  const set = (values: Partial<RecordFilters>) => onChange({ ...filters, ...values });
  return (
    <search className={classes.filters}>
      <div className={classes.search}>
        <TextInput
          className={classes.searchField}
          aria-label="Search your records"
          placeholder="Search by title, kind or author"
          leftSection={<IconSearch size={20} aria-hidden />}
          value={filters.search}
          onChange={(event) => set({ search: event.currentTarget.value })}
          rightSectionWidth={48}
          rightSection={
            filters.search !== "" && <CloseButton aria-label="Clear the search" onClick={() => set({ search: "" })} />
          }
        />
        <Button
          variant="default"
          leftSection={<IconAdjustmentsHorizontal size={20} aria-hidden />}
          aria-expanded={isOpen}
          aria-controls={panelId}
          onClick={() => setIsOpen(!isOpen)}
        >
          Filter
        </Button>
        {isNarrowed(filters) && (
          <Button variant="subtle" onClick={() => onChange(NO_FILTERS)}>
            Clear
          </Button>
        )}
      </div>
      <div id={panelId} hidden={!isOpen}>
        <Choices records={records} filters={filters} set={set} nameOf={nameOf} />
      </div>
    </search>
  );
}

type ChoicesProps = Pick<RecordFilterBarProps, "records" | "filters" | "nameOf"> & {
  set: (values: Partial<RecordFilters>) => void;
};

function Choices({ records, filters, set, nameOf }: ChoicesProps): ReactNode {
  const kinds = [...new Set(records.map(({ manifest }) => kindOf(manifest)))];
  return (
    <div className={classes.choices}>
      <NativeSelect
        size="md"
        label="Kind"
        value={filters.kinds[0] ?? ""}
        onChange={(event) => set({ kinds: pick(event.currentTarget.value as TimelineKind | "") })}
        data={[
          { value: "", label: "All kinds" },
          ...kinds.map((kind) => ({ value: kind, label: timelineKindLabels[kind] })),
        ]}
      />
      <NativeSelect
        size="md"
        label="Written by"
        value={filters.authors[0] ?? ""}
        onChange={(event) => set({ authors: pick(event.currentTarget.value as Address | "") })}
        data={[
          { value: "", label: "Anybody" },
          ...authorsOf(records).map((address) => ({ value: address, label: nameOf(address) })),
        ]}
      />
      <TextInput
        type="date"
        label="From"
        value={dayOf(filters.from)}
        onChange={(event) => set({ from: secondsOfDay(event.currentTarget.value, 0) })}
      />
      <TextInput
        type="date"
        label="Until"
        value={filters.until === null ? "" : dayOf(filters.until - 1)}
        onChange={(event) => set({ until: secondsOfDay(event.currentTarget.value, 1) })}
      />
      <NativeSelect
        size="md"
        label="Show"
        value={filters.standing}
        onChange={(event) => set({ standing: event.currentTarget.value as RecordFilters["standing"] })}
        data={STANDINGS.map((standing) => ({ ...standing }))}
      />
    </div>
  );
}

function pick<Value extends string>(value: Value | ""): Value[] {
  return value === "" ? [] : [value];
}

/** The local calendar day of a moment, as a date field writes it. */
function dayOf(seconds: number | null): string {
  if (seconds === null) return "";
  const date = new Date(seconds * 1000);
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** Local midnight at the start of a day, some days later. */
function secondsOfDay(day: string, daysLater: number): number | null {
  const [year, month, date] = day.split("-").map(Number);
  if (year === undefined || month === undefined || date === undefined || year < 1900) return null;
  return Math.floor(new Date(year, month - 1, date + daysLater).getTime() / 1000);
}

/**
 * @module features/records/timeline
 * The records in groups of one month, with the filters above them. Search and filters work on this device only.
 */
import { Button, Stack, Text, Title } from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";
import type { Address, Hex } from "@carekey/sdk/bytes";
import type { OwnRecord } from "@carekey/sdk/client";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { formatMonth, recordCount, sentenceCase } from "../../lib/format.ts";
import { RecordFilterBar } from "./record-filter-bar.tsx";
import { filterRecords, groupByMonth, isNarrowed, NO_FILTERS, type RecordFilters } from "./record-model.ts";
import { RecordRow } from "./record-row.tsx";
import classes from "./timeline.module.css";
import { useAuthorNames } from "./use-author-names.ts";

/** Rows drawn at first, and with each "show more": a chart may have thousands. */
const PAGE_ROWS = 60;

/** Props of {@link Timeline}. */
export type TimelineProps = {
  records: readonly OwnRecord[];
  /** The entry that does not match the chain, if one could be named. */
  problemEntryId: Hex | null;
};

/** The timeline. */
export function Timeline({ records, problemEntryId }: TimelineProps): ReactNode {
  const [filters, setFilters] = useState<RecordFilters>(NO_FILTERS);
  const [shown, setShown] = useState(PAGE_ROWS);
  const nameOf = useAuthorNames(records);
  const found = useMemo(() => filterRecords(records, filters, nameOf), [records, filters, nameOf]);
  const change = (next: RecordFilters) => {
    setFilters(next);
    setShown(PAGE_ROWS);
  };
  const groups = groupByMonth(found.slice(0, shown), (seconds) => formatMonth(seconds));
  return (
    <>
      <RecordFilterBar records={records} filters={filters} onChange={change} nameOf={nameOf} />
      <Text role="status" c="dimmed" className={classes.count}>
        {sentenceCase(recordCount(found.length))}
        {isNarrowed(filters) && ` of ${records.length}`}
      </Text>
      {found.length === 0 ? (
        <Nothing onClear={() => change(NO_FILTERS)} isNarrowed={isNarrowed(filters)} />
      ) : (
        <Stack gap="lg">
          {groups.map((group) => (
            <Month key={group.month} {...group} nameOf={nameOf} problemEntryId={problemEntryId} />
          ))}
        </Stack>
      )}
      {found.length > shown && (
        <Button variant="default" onClick={() => setShown(shown + PAGE_ROWS)}>
          Show more ({found.length - shown} left)
        </Button>
      )}
    </>
  );
}

type MonthProps = {
  month: string;
  records: readonly OwnRecord[];
  nameOf: (address: Address) => string;
  problemEntryId: Hex | null;
};

function Month({ month, records, nameOf, problemEntryId }: MonthProps): ReactNode {
  return (
    <section aria-label={month}>
      <Title order={2} size="h3" mb="xs">
        {month}
      </Title>
      <Card padding="none">
        <ul className={classes.list}>
          {records.map((record) => (
            <li key={record.entry.entryId}>
              <RecordRow
                record={record}
                authorName={nameOf(record.entry.author)}
                isSuspect={record.entry.entryId === problemEntryId}
              />
            </li>
          ))}
        </ul>
      </Card>
    </section>
  );
}

function Nothing({ onClear, isNarrowed: narrowed }: { onClear: () => void; isNarrowed: boolean }): ReactNode {
  if (!narrowed) {
    return (
      <EmptyState
        drawing="records"
        title="Nothing stands in your records yet"
        text="What waits for you, what you refused, and older versions are under “Show”."
      />
    );
  }
  return (
    <EmptyState
      drawing="search"
      title="Nothing fits"
      text="Try fewer words, another kind or a longer time."
      action={
        <Button variant="default" onClick={onClear}>
          Clear search and filters
        </Button>
      }
    />
  );
}

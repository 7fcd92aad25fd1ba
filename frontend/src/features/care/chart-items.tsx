/**
 * @module features/care/chart-items
 * The records a consent reaches: sealed until opened through the keepers, shown and hidden as needed, forgotten with the page.
 */
import { Button, Group, Text } from "@mantine/core";
import { IconFolderOpen } from "@tabler/icons-react";
import { useRef, useState, type ReactNode } from "react";
import type { Hex } from "@carekey/sdk/bytes";
import type { OpenedRecord, SharedChart, SharedItem } from "@carekey/sdk/client";
import { Section } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { recordCount, sentenceCase } from "../../lib/format.ts";
import { NO_ITEM_FILTERS, filterItems, isNarrowed, isSame, titleOf, type PatientOfMine } from "./care-model.ts";
import { useOpenItem, useVisit } from "./hooks.ts";
import { ItemCard } from "./item-card.tsx";
import { ItemFilterBar } from "./item-filter-bar.tsx";
import { NewEntry } from "./new-entry.tsx";
import { VisitLine, VisitSheet } from "./visit.tsx";
import classes from "./care.module.css";

/** Most records that one press opens. */
const OPEN_AT_ONCE = 20;

/** What of the chart has been opened in this visit, and the acts on it. */
function useOpenedItems(patient: PatientOfMine) {
  const { reason, setReason } = useVisit(patient.address);
  const open = useOpenItem();
  const [opened, setOpened] = useState<ReadonlyMap<Hex, OpenedRecord>>(new Map());
  const [hidden, setHidden] = useState<ReadonlySet<Hex>>(new Set());
  const [openingId, setOpeningId] = useState<Hex | null>(null);
  const [isAskingWhy, setAskingWhy] = useState(false);
  const waiting = useRef<readonly SharedItem[]>([]);

  const openWith = async (items: readonly SharedItem[], why: string) => {
    for (const item of items) {
      setOpeningId(item.entry.entryId);
      const record = await open.run({ item, reason: why });
      if (record === undefined) return;
      setOpened((known) => new Map(known).set(item.entry.entryId, record));
    }
    setOpeningId(null);
  };
  return {
    reason,
    opened,
    hidden,
    open,
    openingId,
    isAskingWhy,
    /** Opens items, after asking why when this visit has not said yet. */
    request(items: readonly SharedItem[]) {
      if (reason !== null) return void openWith(items, reason);
      waiting.current = items;
      setAskingWhy(true);
    },
    answerWhy(why: string) {
      setReason(why);
      setAskingWhy(false);
      void openWith(waiting.current, why);
      waiting.current = [];
    },
    stopAsking: () => setAskingWhy(false),
    toggle(entryId: Hex) {
      const next = new Set(hidden);
      if (!next.delete(entryId)) next.add(entryId);
      setHidden(next);
    },
    endVisit() {
      setReason(null);
      setOpened(new Map());
      setHidden(new Set());
      open.reset();
    },
  };
}

/** Props of {@link ChartItems}. */
export type ChartItemsProps = { shared: SharedChart; patient: PatientOfMine; name: string };

/** Filters and the list. */
export function ChartItems({ shared, patient, name }: ChartItemsProps): ReactNode {
  const { person } = useCarekey();
  const visit = useOpenedItems(patient);
  const [filters, setFilters] = useState(NO_ITEM_FILTERS);
  const titleOfEntry = (entryId: Hex) => {
    const record = visit.opened.get(entryId);
    return record === undefined ? "" : titleOf(record);
  };
  const items = filterItems(shared.items, filters, titleOfEntry);
  if (patient.readUntil === null && shared.items.length === 0) return null;
  // Counted views are opened one by one, on purpose.
  const closed = items.filter(
    ({ entry, grant }) => grant.status === "active" && grant.terms.maxViews === 0 && !visit.opened.has(entry.entryId),
  );
  return (
    <Section title="Records" action={<OpenAll items={closed} visit={visit} />}>
      {visit.reason !== null && <VisitLine reason={visit.reason} name={name} onEnd={visit.endVisit} />}
      <ItemFilterBar items={shared.items} filters={filters} onChange={setFilters} />
      <Text c="dimmed" role="status">
        {isNarrowed(filters)
          ? `${items.length} of ${shared.items.length} records`
          : sentenceCase(recordCount(items.length))}
      </Text>
      {items.length === 0 && (
        <EmptyState
          title={isNarrowed(filters) ? "Nothing matches" : "No records yet"}
          text={
            isNarrowed(filters)
              ? "Change the filters to see more. Titles can be searched once a record is open."
              : `${name} has no records in what is shared with you.`
          }
          {...(isNarrowed(filters)
            ? { action: <Button onClick={() => setFilters(NO_ITEM_FILTERS)}>Show all records</Button> }
            : {})}
        />
      )}
      <ul className={classes.list}>
        {items.map((item) => (
          <li key={item.entry.entryId}>
            <ItemCard
              item={item}
              record={visit.opened.get(item.entry.entryId) ?? null}
              isHidden={visit.hidden.has(item.entry.entryId)}
              isSuspect={shared.chart.problem?.entryId === item.entry.entryId}
              act={visit.openingId === item.entry.entryId ? visit.open : null}
              isBusy={visit.open.isRunning}
              onOpen={() => visit.request([item])}
              onToggle={() => visit.toggle(item.entry.entryId)}
              action={
                patient.writeGrant !== null && isSame(item.entry.author, person.address) ? (
                  <NewEntry
                    grant={patient.writeGrant}
                    patientName={name}
                    current={visit.opened.get(item.entry.entryId)}
                  />
                ) : null
              }
            />
          </li>
        ))}
      </ul>
      <VisitSheet opened={visit.isAskingWhy} name={name} onClose={visit.stopAsking} onAnswer={visit.answerWhy} />
    </Section>
  );
}

type OpenAllProps = { items: readonly SharedItem[]; visit: ReturnType<typeof useOpenedItems> };

function OpenAll({ items, visit }: OpenAllProps): ReactNode {
  const batch = items.slice(0, OPEN_AT_ONCE);
  if (batch.length < 2) return null;
  return (
    <Group gap="xs">
      {visit.open.isRunning && (
        <Button variant="subtle" onClick={() => visit.open.cancel()}>
          Stop
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<IconFolderOpen size={20} aria-hidden />}
        disabled={visit.open.isRunning}
        onClick={() => visit.request(batch)}
      >
        Open {batch.length === items.length ? "all" : "the first"} {batch.length}
      </Button>
    </Group>
  );
}

/**
 * @module features/audit/view-log
 * The access log: every time a keeper released a key for one of the person's records, with its receipt.
 */
import { Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconDownload, IconEye } from "@tabler/icons-react";
import { useMemo, useState, type ReactNode } from "react";
import type { Address } from "@carekey/sdk/bytes";
import type { AccessLog } from "@carekey/sdk/client";
import { ActStatus } from "../../components/act.tsx";
import { BeforeSigning } from "../../components/before-signing.tsx";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Notice } from "../../components/notice.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { saveBlob } from "../../components/viewers/content.ts";
import { useAccessLog } from "../../lib/access-log.ts";
import { errorSentences } from "../../lib/error-sentences.ts";
import type { SdkErrorCode } from "@carekey/sdk/errors";
import { NO_VIEW_FILTERS, filterViews, readersOf, viewsToCsv, type ViewFilters } from "./activity-model.ts";
import { ViewRow } from "./view-row.tsx";
import classes from "./activity.module.css";

/** The log, or the way to open it. */
export function ViewLog(): ReactNode {
  const { log, isOpen, open } = useAccessLog();
  if (!isOpen) {
    return (
      <Stack gap="md">
        <BeforeSigning
          title="See who looked at your records"
          points={[
            "Each time somebody opens a record of yours, keepers write it down before they let go of their part of the key.",
            "They show the log to you alone, so they ask for your signature. It is good for this tab, for four hours at most.",
            "It costs nothing and shares nothing.",
          ]}
          confirmLabel="Sign and show"
          onConfirm={() => void open.run()}
          isRunning={open.isRunning}
        />
        <ActStatus act={open} hideDone />
      </Stack>
    );
  }
  return (
    <QueryStates query={log} label="Asking the keepers for your log">
      {(data) => <Log log={data} />}
    </QueryStates>
  );
}

function Log({ log }: { log: AccessLog }): ReactNode {
  const [filters, setFilters] = useState<ViewFilters>(NO_VIEW_FILTERS);
  const found = useMemo(() => filterViews(log.views, filters), [log.views, filters]);
  const unexplained = log.views.filter(({ explained }) => !explained).length;
  const save = () => saveBlob(new Blob([viewsToCsv(found)], { type: "text/csv" }), "who-looked-at-my-records.csv");
  return (
    <Stack gap="md">
      <KeeperProblems problems={log.problems} />
      {unexplained > 0 && (
        <Notice
          tone="danger"
          role="alert"
          title={
            unexplained === 1 ? "One view that no consent explains" : `${unexplained} views that no consent explains`
          }
        >
          <Text>
            They are marked below. Tell the people who run this Carekey, and stop sharing what you do not recognise.
          </Text>
        </Notice>
      )}
      {log.views.length === 0 ? (
        <EmptyState
          drawing="activity"
          title="Nobody has looked yet"
          text="When somebody with whom you share opens a record, it appears here within a moment."
        />
      ) : (
        <>
          <LogFilters log={log} filters={filters} onChange={setFilters} />
          <Group justify="space-between">
            <Text role="status" c="dimmed">
              {found.length === 1 ? "One view" : `${found.length} views`}
            </Text>
            <Button variant="default" leftSection={<IconDownload size={20} aria-hidden />} onClick={save}>
              Save as a table
            </Button>
          </Group>
          {found.length === 0 ? (
            <EmptyState drawing="search" title="Nothing fits" text="Try fewer words or another person." />
          ) : (
            <Card padding="none">
              <ul className={classes.list}>
                {found.map((view) => (
                  <li key={view.bodyHash}>
                    <ViewRow view={view} />
                  </li>
                ))}
              </ul>
            </Card>
          )}
        </>
      )}
    </Stack>
  );
}

function KeeperProblems({ problems }: Pick<AccessLog, "problems">): ReactNode {
  if (problems.length === 0) return null;
  return (
    <Notice
      tone="waiting"
      icon={<IconEye size={24} />}
      title={
        problems.length === 1 ? "One keeper’s log is missing" : `The logs of ${problems.length} keepers are missing`
      }
    >
      <Text>
        {errorSentences[problems[0]!.code as SdkErrorCode]?.title ?? "It does not answer"}. What the other keepers wrote
        is shown; views leave a receipt at more than one keeper.
      </Text>
    </Notice>
  );
}

type LogFiltersProps = { log: AccessLog; filters: ViewFilters; onChange: (filters: ViewFilters) => void };

function LogFilters({ log, filters, onChange }: LogFiltersProps): ReactNode {
  const set = (values: Partial<ViewFilters>) => onChange({ ...filters, ...values });
  return (
    <search className={classes.filters}>
      <TextInput
        label="Search"
        placeholder="Record, person or reason"
        value={filters.search}
        onChange={(event) => set({ search: event.currentTarget.value })}
      />
      <NativeSelect
        size="md"
        label="Who"
        value={filters.reader ?? ""}
        onChange={(event) =>
          set({ reader: event.currentTarget.value === "" ? null : (event.currentTarget.value as Address) })
        }
        data={[
          { value: "", label: "Everybody" },
          ...readersOf(log.views).map(({ address, name }) => ({ value: address, label: name })),
        ]}
      />
      <TextInput
        type="date"
        label="From"
        onChange={(event) => set({ from: startOfDay(event.currentTarget.value, 0) })}
      />
      <TextInput
        type="date"
        label="Until"
        onChange={(event) => set({ until: startOfDay(event.currentTarget.value, 1) })}
      />
    </search>
  );
}

function startOfDay(day: string, daysLater: number): number | null {
  const [year, month, date] = day.split("-").map(Number);
  if (year === undefined || month === undefined || date === undefined || year < 1900) return null;
  return Math.floor(new Date(year, month - 1, date + daysLater).getTime() / 1000);
}

/**
 * @module features/audit/view-log
 * The access log: every time a keeper released a key for one of the person's records, with its receipt.
 */
import { Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconEye } from "@tabler/icons-react";
import { useMemo, useState, type ReactNode } from "react";
import type { AccessLog } from "@carekey/sdk/client";
import { ActStatus } from "../../components/act.tsx";
import { BeforeSigning } from "../../components/before-signing.tsx";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Notice } from "../../components/notice.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { useAccessLog } from "../../lib/access-log.ts";
import { errorSentences } from "../../lib/error-sentences.ts";
import type { SdkErrorCode } from "@carekey/sdk/errors";
import { SaveViews } from "./save-views.tsx";
import { ViewFilterBar } from "./view-filter-bar.tsx";
import { NO_VIEW_FILTERS, filterViews, type ViewFilters } from "./view-filters.ts";
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
  if (log.views.length === 0) {
    return (
      <Stack gap="md">
        <KeeperProblems problems={log.problems} />
        <EmptyState
          drawing="activity"
          title="Nobody has looked yet"
          text="When somebody with whom you share opens a record, it appears here within a moment."
        />
      </Stack>
    );
  }
  return (
    <Stack gap="md">
      <Alarm log={log} />
      <KeeperProblems problems={log.problems} />
      <ViewFilterBar log={log} filters={filters} onChange={setFilters} />
      <div className={classes.line}>
        <Text role="status" c="dimmed">
          {found.length === 1 ? "One view" : `${found.length} views`}
        </Text>
        <SaveViews views={found} />
      </div>
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
    </Stack>
  );
}

function Alarm({ log }: { log: AccessLog }): ReactNode {
  const count = log.views.filter(({ alarm }) => alarm !== null).length;
  if (count === 0) return null;
  return (
    <Notice
      tone="danger"
      role="alert"
      icon={<IconAlertTriangle size={24} />}
      title={
        count === 1 ? "One view that nothing you allowed explains" : `${count} views that nothing you allowed explains`
      }
    >
      <Text>
        They are marked below. Save the list, show it to the people who run this Carekey, and stop sharing what you do
        not recognise.
      </Text>
    </Notice>
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

/**
 * @module features/audit/activity-page
 * Who looked at what, when and why; and the history of what the person shared and decided.
 */
import { SegmentedControl } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { OwnHistoryCheck } from "../../components/own-history-check.tsx";
import { Screen } from "../../components/screen.tsx";
import { History } from "./history.tsx";
import { ViewLog } from "./view-log.tsx";

type Tab = "views" | "history";

/** The patient's activity. */
export function ActivityPage(): ReactNode {
  const [tab, setTab] = useState<Tab>("views");
  return (
    <Screen title="Activity" intro="Nothing happens to your records without a trace.">
      <OwnHistoryCheck />
      <SegmentedControl
        fullWidth
        aria-label="What to show"
        value={tab}
        onChange={setTab}
        data={[
          { value: "views", label: "Who looked" },
          { value: "history", label: "What you decided" },
        ]}
      />
      {tab === "views" ? <ViewLog /> : <History />}
    </Screen>
  );
}

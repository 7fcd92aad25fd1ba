/**
 * @module components/own-history-check
 * Whether the person's own history is whole; when it is not, which entry is missing, changed or out of place.
 */
import { Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { listOwnRecords, type Carekey, type OwnRecord, type Person, type VerifiedChart } from "@carekey/sdk/client";
import { useCarekey } from "../lib/carekey.tsx";
import { deriveDeviceKey } from "../lib/device-seal.ts";
import { formatDate } from "../lib/format.ts";
import { findFaults, knownFrom, loadKnown, mergeTitles, saveKnown, type HistoryFault } from "../lib/known-history.ts";
import { queryKeys } from "../lib/query-keys.ts";
import { Notice } from "./notice.tsx";
import { TechnicalDetails } from "./technical-details.tsx";
import { VerifiedBadge } from "./verified-badge.tsx";

const words = {
  missing: "is missing",
  changed: "was changed",
  moved: "is not in its place",
} as const satisfies Record<HistoryFault["kind"], string>;
const SHOWN_FAULTS = 5;

/** The line of proof, and a warning that names entries. */
export function OwnHistoryCheck(): ReactNode {
  const { carekey, person } = useCarekey();
  const own = useQuery({
    queryKey: queryKeys.ownRecords(person.address),
    queryFn: () => listOwnRecords(carekey, person),
  });
  const faults = useQuery({
    queryKey: ["known-history", person.address, own.data?.chart.chart.head ?? null, own.dataUpdatedAt],
    queryFn: () =>
      own.data === undefined ? [] : compare(carekey, person, own.data.records, own.data.chart.chart.verdict),
    enabled: own.data !== undefined,
    placeholderData: (before) => before,
  });
  if (own.data === undefined) return null;
  return (
    <>
      <VerifiedBadge chart={own.data.chart.chart} checkedAt={own.dataUpdatedAt} />
      {faults.data !== undefined && faults.data.length > 0 && <Faults faults={faults.data} />}
    </>
  );
}

/** Compares with what this device knew, and remembers the new state if it is proved and lacks nothing. */
async function compare(
  carekey: Carekey,
  person: Person,
  records: readonly OwnRecord[],
  verdict: VerifiedChart["verdict"],
): Promise<HistoryFault[]> {
  const { chainId, carekey: contract } = carekey.deployment;
  const store = {
    store: carekey.store,
    key: await deriveDeviceKey(person.keys.vaultKey, "carekey/known-history/v1"),
    place: `known-history/${chainId}/${contract}/${person.address}`.toLowerCase(),
  };
  const known = await loadKnown(store);
  const served = knownFrom(records);
  const faults = findFaults(known, served);
  if (verdict === "verified" && faults.length === 0) await saveKnown(store, mergeTitles(known, served));
  return faults;
}

function Faults({ faults }: { faults: readonly HistoryFault[] }): ReactNode {
  const shown = faults.slice(0, SHOWN_FAULTS);
  return (
    <Notice
      tone="danger"
      role="alert"
      icon={<IconAlertTriangle size={24} />}
      title="This device knew more of your history"
    >
      <Stack gap="xs">
        {shown.map(({ kind, entry }) => (
          <Text key={entry.entryId}>
            <strong>{entry.title === "" ? "An entry" : `“${entry.title}”`}</strong> of {formatDate(entry.recordedAt)}{" "}
            {words[kind]}.
          </Text>
        ))}
        {faults.length > shown.length && <Text>And {faults.length - shown.length} more.</Text>}
        <Text>
          A server that answers you is behind, or hides something. Your true history cannot be changed by it. Reload in
          a minute; if this stays, tell the people who run this Carekey.
        </Text>
        <TechnicalDetails
          facts={shown.map(({ kind, entry }) => ({
            label: `Entry that ${words[kind]}`,
            value: entry.entryId,
            copy: entry.entryId,
          }))}
        />
      </Stack>
    </Notice>
  );
}

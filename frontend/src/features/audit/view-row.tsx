/**
 * @module features/audit/view-row
 * One view: who opened which record, when and why, and the keepers' receipts for those who check.
 */
import { Badge, Text } from "@mantine/core";
import { IconAlertTriangle, IconUrgent } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { View } from "@carekey/sdk/client";
import { TechnicalDetails, type TechnicalFact } from "../../components/technical-details.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { formatDateTime } from "../../lib/format.ts";
import { alarmWords, keeperWords, permissionWords } from "./view-words.ts";
import classes from "./activity.module.css";

/** A view in the log. */
export function ViewRow({ view }: { view: View }): ReactNode {
  const keepers = useCarekey().carekey.keepers.map(({ address }) => address);
  const title = view.title ?? "A record that is not in your history";
  return (
    <div className={classes.row}>
      <div className={classes.line}>
        <Text component="div" className={classes.words}>
          <strong>{view.readerName}</strong> opened{" "}
          {view.entryId === null ? (
            <strong>{title}</strong>
          ) : (
            <Link className={classes.link} to={`/records/${view.entryId}`}>
              {title}
            </Link>
          )}
        </Text>
        {view.kind === "emergency" && (
          <Badge color="red" leftSection={<IconUrgent size={16} aria-hidden />}>
            Emergency
          </Badge>
        )}
        <time className={classes.date} dateTime={new Date(view.at * 1000).toISOString()}>
          {formatDateTime(view.at)}
        </time>
      </div>
      <Text c="dimmed">
        {view.reason === null || view.reason === "" ? "No reason was given." : `Why: ${view.reason}`}
      </Text>
      <Text c="dimmed">{permissionWords(view)}</Text>
      <Text c="dimmed">{keeperWords(view, keepers)} wrote it down</Text>
      {view.alarm !== null && (
        <Text component="div" className={classes.alarm}>
          <Badge color="red" leftSection={<IconAlertTriangle size={16} aria-hidden />}>
            Nothing you allowed explains this
          </Badge>
          {alarmWords[view.alarm]}
        </Text>
      )}
      <TechnicalDetails label="Receipts and technical details" facts={factsOf(view)} />
    </div>
  );
}

function factsOf(view: View): TechnicalFact[] {
  return [
    { label: "Reader", value: view.reader, copy: view.reader },
    {
      label: view.kind === "emergency" ? "Emergency request" : "Consent id",
      value: view.consentId,
      copy: view.consentId,
    },
    { label: "Record id", value: view.recordId, copy: view.recordId },
    { label: "Request", value: view.bodyHash, copy: view.bodyHash },
    ...view.receipts.map((receipt, index): TechnicalFact => {
      const words = `Keeper ${receipt.keeper}, number ${receipt.sequence}, at block ${receipt.blockNumber}, leaf ${receipt.leaf}: ${
        receipt.verified ? "signature and place in its log verified" : "NOT verified"
      }`;
      return { label: `Receipt ${index + 1}`, value: words, copy: receipt.leaf };
    }),
  ];
}

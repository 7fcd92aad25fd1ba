/**
 * @module components/viewers/fhir-view
 * A FHIR resource as tables that a person can read, with the resource itself for those who check.
 */
import { Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useMemo, type ReactNode } from "react";
import { toTables, validateResource, type ReadableCell, type ReadableTable } from "@carekey/sdk/fhir";
import { formatDate, formatDateTime, formatMonth } from "../../lib/format.ts";
import { Notice } from "../notice.tsx";
import { TechnicalDetails } from "../technical-details.tsx";
import classes from "./viewers.module.css";

/** A FHIR date as precise as it is: a year, a month, a day, or a moment. */
export function fhirDateText(iso: string): string {
  const milliseconds = Date.parse(iso);
  if (Number.isNaN(milliseconds) || iso.length === 4) return iso;
  if (iso.length === 7) return formatMonth(milliseconds / 1000, { timeZone: "UTC" });
  if (iso.length === 10) return formatDate(milliseconds / 1000, { timeZone: "UTC" });
  return formatDateTime(milliseconds / 1000);
}

/** A resource as tables. */
export function FhirView({ resource }: { resource: unknown }): ReactNode {
  const { tables, issues, json } = useMemo(
    () => ({
      tables: toTables(resource, { dateText: fhirDateText }),
      issues: validateResource(resource).issues,
      json: JSON.stringify(resource, null, 2),
    }),
    [resource],
  );
  return (
    <Stack gap="md">
      {issues.length > 0 && (
        <Notice title="This entry does not follow the standard in every point">
          <Text>It is shown as far as it can be read.</Text>
          <TechnicalDetails
            facts={issues.slice(0, 20).map(({ path, message }) => ({ label: path || "Resource", value: message }))}
          />
        </Notice>
      )}
      {tables.length === 0 && <Text c="dimmed">There is nothing in this entry that can be read.</Text>}
      {tables.map((table, index) => (
        <ReadableTableView key={index} table={table} />
      ))}
      <TechnicalDetails label="The entry as data (FHIR R4)" facts={[]}>
        <div className={classes.stage} tabIndex={0} role="group" aria-label="The entry as data">
          <pre className={classes.text}>{json}</pre>
        </div>
      </TechnicalDetails>
    </Stack>
  );
}

function ReadableTableView({ table }: { table: ReadableTable }): ReactNode {
  const isWide = table.columns.length > 2;
  return (
    <div
      className={classes.tableFrame}
      {...(isWide ? { tabIndex: 0, role: "group", "aria-label": table.caption } : {})}
    >
      <table className={`${classes.table} ${isWide ? "" : classes.facts}`}>
        <caption>{table.caption}</caption>
        <thead hidden={!isWide}>
          <tr>
            {table.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <Cell key={column} cell={cell} isHeading={column === 0} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const FLAG_ICONS = { high: IconArrowUp, low: IconArrowDown, critical: IconAlertTriangle, abnormal: IconAlertTriangle };

function Cell({ cell, isHeading }: { cell: ReadableCell; isHeading: boolean }): ReactNode {
  if (isHeading) return <th scope="row">{cell.text}</th>;
  if (cell.flag === undefined) return <td>{cell.text}</td>;
  const Icon = cell.flag === "normal" ? null : FLAG_ICONS[cell.flag];
  return (
    <td>
      <span className={classes.flag} data-flag={cell.flag}>
        {Icon !== null && <Icon size={18} aria-hidden="true" />}
        {cell.text}
      </span>
    </td>
  );
}

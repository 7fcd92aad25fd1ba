/**
 * @module components/period-fields
 * The two date fields of a filter: from the start of one day until the end of another.
 */
import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { dayOf, startOfDay, type Period } from "../lib/days.ts";

/** Props of {@link PeriodFields}. */
export type PeriodFieldsProps = { period: Period; onChange: (change: Partial<Period>) => void };

/** "From" and "Until", both days included. */
export function PeriodFields({ period, onChange }: PeriodFieldsProps): ReactNode {
  return (
    <>
      <TextInput
        type="date"
        label="From"
        value={dayOf(period.from)}
        onChange={(event) => onChange({ from: startOfDay(event.currentTarget.value) })}
      />
      <TextInput
        type="date"
        label="Until"
        value={period.until === null ? "" : dayOf(period.until - 1)}
        onChange={(event) => onChange({ until: startOfDay(event.currentTarget.value, 1) })}
      />
    </>
  );
}

/**
 * @module features/care/entry-forms/lab-report-form
 * A lab report: results with unit and reference range, a conclusion, and the laboratory's own file.
 */
import { Button, TextInput, Textarea } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import {
  LOINC_SYSTEM,
  buildLabReport,
  type CodeChoice,
  type LabReportInput,
  type LabResultInput,
} from "@carekey/sdk/fhir";
import { dayFromNow, dayOf, isAhead, startOfDay } from "../../../lib/days.ts";
import classes from "../care.module.css";
import { CodePicker } from "./code-picker.tsx";
import { EntryForm, useEntryForm, type EntryFormProps } from "./entry-form.tsx";

type ResultRow = { key: string; test: CodeChoice; value: string; unit: string; low: string; high: string };
type Values = { report: CodeChoice; collected: string; results: ResultRow[]; conclusion: string };

function emptyRow(): ResultRow {
  return { key: crypto.randomUUID(), test: { text: "" }, value: "", unit: "", low: "", high: "" };
}

/** A number as typed, with a comma or a point; undefined for anything else. */
export function numberIn(text: string): number | undefined {
  const trimmed = text.trim().replace(",", ".");
  return /^[+-]?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : undefined;
}

function isUsed({ test, value }: ResultRow): boolean {
  return test.text.trim() !== "" || value.trim() !== "";
}

function resultOf({ test, value, unit, low, high }: ResultRow): LabResultInput {
  const limits = { low: numberIn(low), high: numberIn(high) };
  return {
    test,
    value: numberIn(value) ?? value.trim(),
    ...(unit.trim() === "" ? {} : { unit: unit.trim() }),
    ...(limits.low === undefined ? {} : { low: limits.low }),
    ...(limits.high === undefined ? {} : { high: limits.high }),
  };
}

function limitError(text: string): string | null {
  return text.trim() !== "" && numberIn(text) === undefined ? "Enter a number" : null;
}

function emptyReport(): Values {
  return { report: { text: "Laboratory report" }, collected: dayFromNow(0), results: [emptyRow()], conclusion: "" };
}

function valuesOf({ report, collectedAt, results, conclusion = "" }: LabReportInput): Values {
  const rows = results.map(({ test, value, unit = "", low, high }) => ({
    ...emptyRow(),
    test,
    value: String(value),
    unit,
    low: low === undefined ? "" : String(low),
    high: high === undefined ? "" : String(high),
  }));
  return { report, collected: dayOf(collectedAt), results: rows.length === 0 ? [emptyRow()] : rows, conclusion };
}

function useLabForm(props: EntryFormProps) {
  return useEntryForm<Values>(props, {
    start: props.before?.kind === "lab" ? valuesOf(props.before.input) : emptyReport(),
    validate: {
      report: ({ text }) => (text.trim() === "" ? "Name the report" : null),
      collected: (day) => (startOfDay(day) === null || isAhead(day) ? "Choose a day until today" : null),
      results: {
        test: ({ text }, { results }, path) =>
          text.trim() === "" && isUsed(rowAt(results, path)) ? "Name the test" : null,
        value: (value, { results }, path) =>
          value.trim() === "" && isUsed(rowAt(results, path)) ? "Enter the result" : null,
        low: limitError,
        high: limitError,
      },
    },
  });
}

/** The form. */
export function LabReportForm(props: EntryFormProps): ReactNode {
  const form = useLabForm(props);
  const { report, results } = form.values;
  return (
    <EntryForm
      {...props}
      scope="labs"
      validate={() => !form.validate().hasErrors}
      build={(context) => {
        const resource = buildLabReport(context, {
          report,
          collectedAt: startOfDay(form.values.collected) ?? context.at,
          results: results.filter(isUsed).map(resultOf),
          conclusion: form.values.conclusion,
        });
        return { name: report.text.trim(), resource };
      }}
    >
      <CodePicker
        system={LOINC_SYSTEM}
        label="Report"
        value={report}
        onChange={(choice) => form.setFieldValue("report", choice)}
        error={form.errors.report}
      />
      <TextInput type="date" label="Sample taken on" required {...form.getInputProps("collected")} />
      {results.map((row, index) => (
        <ResultFields key={row.key} form={form} index={index} />
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={20} aria-hidden />}
        onClick={() => form.insertListItem("results", emptyRow())}
      >
        Add a result
      </Button>
      <Textarea
        label="Conclusion (optional)"
        autosize
        minRows={2}
        maxLength={5000}
        {...form.getInputProps("conclusion")}
      />
    </EntryForm>
  );
}

function rowAt(results: readonly ResultRow[], path: string): ResultRow {
  return results[Number(path.split(".")[1])] ?? emptyRow();
}

type FieldsProps = { form: ReturnType<typeof useLabForm>; index: number };

function ResultFields({ form, index }: FieldsProps): ReactNode {
  const row = form.values.results[index];
  if (row === undefined) return null;
  const name = (field: string) => `results.${index}.${field}`;
  const choose = (choice: CodeChoice) => {
    form.setFieldValue(name("test"), choice);
    if (choice.entry?.unit !== undefined && row.unit === "") form.setFieldValue(name("unit"), choice.entry.unit);
  };
  return (
    <fieldset className={classes.results}>
      <legend>Result {index + 1}</legend>
      <CodePicker
        system={LOINC_SYSTEM}
        label="Test"
        placeholder="Blood sugar"
        value={row.test}
        onChange={choose}
        error={form.errors[name("test")]}
      />
      <div className={classes.resultFields}>
        <TextInput label="Result" required {...form.getInputProps(name("value"))} />
        <TextInput label="Unit" spellCheck={false} {...form.getInputProps(name("unit"))} />
        <TextInput label="Normal from" inputMode="decimal" {...form.getInputProps(name("low"))} />
        <TextInput label="Normal to" inputMode="decimal" {...form.getInputProps(name("high"))} />
      </div>
      {form.values.results.length > 1 && (
        <Button
          variant="subtle"
          leftSection={<IconTrash size={20} aria-hidden />}
          onClick={() => form.removeListItem("results", index)}
          aria-label={`Remove result ${index + 1}`}
        >
          Remove
        </Button>
      )}
    </fieldset>
  );
}

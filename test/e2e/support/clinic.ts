/**
 * @module test/e2e/support/clinic
 * What a doctor does in the few minutes of a visit: open a chart, read records, write entries.
 */
import type { Locator } from "playwright-core";
import { button, close, chooseFiles, openTab, sheet, type E2ePerson } from "./person.ts";

/** Opens a patient's chart from the list of patients. */
export async function openChart(doctor: E2ePerson, patientName: string): Promise<void> {
  await openTab(doctor, "Patients");
  await doctor.page.getByLabel("Find a patient").fill(patientName.split(" ")[0]!);
  await doctor.page.getByRole("link", { name: new RegExp(patientName) }).click();
  await doctor.page.getByRole("heading", { level: 1, name: patientName }).waitFor();
  await doctor.page.getByText(`${patientName}’s history is complete and unchanged`).waitFor();
}

/** Closed records of the open chart, by the part they belong to. */
export function closedRecords({ page }: E2ePerson, part: string): Locator {
  return page.getByRole("button", { name: new RegExp(`^Open ${part} of `) });
}

/** One entry to write. `fill` fills in the form. */
export type EntryToWrite = {
  kind: "Diagnosis" | "Prescription" | "Lab report" | "Visit note";
  fill: (form: Locator) => Promise<void>;
  attachment?: string;
};

/** Writes an entry into the open chart and sends it. */
export async function writeEntry(doctor: E2ePerson, patientName: string, entry: EntryToWrite): Promise<void> {
  await button(doctor.page, "New entry").click();
  await sendEntry(doctor, patientName, entry);
}

/** Chooses what to write, fills it in, reads it back and sends it. */
export async function sendEntry(doctor: E2ePerson, patientName: string, entry: EntryToWrite): Promise<void> {
  await sheet(doctor, "What do you want to write?").getByRole("button", { name: entry.kind, exact: true }).click();
  const form = sheet(doctor, `${entry.kind} for ${patientName}`);
  await entry.fill(form);
  if (entry.attachment !== undefined) {
    await chooseFiles(doctor, form.getByLabel("Attach a file (optional)"), entry.attachment);
  }
  await readBackAndSend(form);
}

/** Reads a filled form back, signs and closes it. */
export async function readBackAndSend(form: Locator): Promise<void> {
  await button(form, "Read it back").click();
  await button(form, "Sign and send").click();
  await form.getByText("Sent. It becomes part of the record when the patient approves it.").waitFor();
  await close(form);
}

/** A diagnosis by everyday words, chosen from the suggestions. */
export function diagnosis(words: string, suggestion: RegExp): EntryToWrite {
  return {
    kind: "Diagnosis",
    fill: async (form) => {
      await form.getByRole("textbox", { name: "Diagnosis", exact: true }).fill(words);
      await form.getByRole("option", { name: suggestion }).first().click();
    },
  };
}

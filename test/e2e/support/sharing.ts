/**
 * @module test/e2e/support/sharing
 * Sharing and stopping, step by step, as a patient does it.
 */
import type { Locator } from "playwright-core";
import { button, close, openTab, sheet, type E2ePerson } from "./person.ts";

/** What a patient wants to share. */
export type Wish = {
  /** What is typed to find the person. */
  find: string;
  name: string;
  /** Labels of the parts to read. */
  read?: readonly string[];
  write?: boolean;
  purpose: string;
  /** A one-time code at every view. */
  asksForCode?: boolean;
};

/** Goes through the sheet up to the paragraph that is read back before signing. @returns the sheet. */
export async function readBack(patient: E2ePerson, wish: Wish): Promise<Locator> {
  await openTab(patient, "Sharing");
  await button(patient.page, "Share with someone").click();
  const share = sheet(patient, "Share with someone");
  await share.getByLabel("Search for your doctor").fill(wish.find);
  await share.getByRole("radio", { name: wish.name }).click();
  await button(share, "Go on").click();
  await share.getByRole("heading", { name: "What?" }).waitFor();
  if (wish.read === undefined) await share.getByRole("checkbox", { name: "Read", exact: true }).uncheck();
  if (wish.write === true) await share.getByRole("checkbox", { name: "Write", exact: true }).check();
  for (const part of wish.read ?? []) await share.getByRole("checkbox", { name: part, exact: true }).check();
  await button(share, "Go on").click();
  await share.getByRole("heading", { name: "How long, and why?" }).waitFor();
  await share.getByRole("radio", { name: "One month" }).check();
  if (wish.asksForCode === true) await share.getByRole("checkbox", { name: "Ask for a code at every view" }).check();
  await share.getByLabel("What is it for?").fill(wish.purpose);
  await share.getByLabel("Your name, as they shall see it").fill(patient.name);
  await button(share, "Go on").click();
  await share.getByRole("heading", { name: "Read it back" }).waitFor();
  await button(share, "Sign and share").waitFor();
  return share;
}

/** Shares, and closes the sheet. */
export async function shareWith(patient: E2ePerson, wish: Wish): Promise<void> {
  const share = await readBack(patient, wish);
  await button(share, "Sign and share").click();
  await share.getByText(`You share with ${wish.name}. They can see it now.`).waitFor();
  await close(share);
}

/** The patient's card of a person with whom they share. */
export function personCard({ page }: E2ePerson, name: string): Locator {
  return page.getByRole("group", { name, exact: true });
}

/** Stops one consent, told by what it allows. */
export async function stopSharing(patient: E2ePerson, name: string, rights: string): Promise<void> {
  await openTab(patient, "Sharing");
  await button(patient.page, `Stop sharing with ${name}: ${rights}`).click();
  const stop = sheet(patient, `Stop sharing with ${name}`);
  await button(stop, "Stop sharing").click();
  await stop.getByText(`Stopped. ${name} can open nothing more of this.`).waitFor();
  await close(stop);
}

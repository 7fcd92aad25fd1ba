/**
 * @module test/e2e/support/keyboard
 * A person who uses no mouse: Tab until the thing has the focus, then a key. Nothing here touches an element by itself.
 */
import type { Page } from "playwright-core";

const MOST_TABS = 150;

/** What the focused element is called: its label, its own words, or those around it. */
function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return "";
    const labels = "labels" in element ? [...((element as HTMLInputElement).labels ?? [])] : [];
    const label = labels.map(({ textContent }) => textContent).join(" ");
    return (element.getAttribute("aria-label") ?? (label || element.innerText)).replaceAll(/\s+/g, " ").trim();
  });
}

/** Presses Tab until what is called so has the focus. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const seen: string[] = [];
  for (let count = 0; count < MOST_TABS; count++) {
    await page.keyboard.press("Tab");
    const focused = await focusedName(page);
    if (typeof name === "string" ? focused === name : name.test(focused)) return;
    seen.push(focused);
  }
  throw new Error(`Tab never reached ${name}; it went: ${seen.slice(0, 60).join(" | ")}`);
}

/** Goes to what is called so, and presses a key there. */
export async function pressOn(page: Page, name: string | RegExp, key: "Enter" | "Space" = "Enter"): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press(key);
}

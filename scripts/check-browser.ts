/**
 * @module check-browser
 * Whether the end-to-end tests will find a browser that starts. Prints which.
 */
import { launchBrowser } from "./common/browser.ts";

try {
  const browser = await launchBrowser();
  process.stdout.write(`Chromium ${browser.version()}\n`);
  await browser.close();
} catch (error) {
  process.stderr.write(`no usable browser: ${String(error)}\n`);
  process.exit(1);
}

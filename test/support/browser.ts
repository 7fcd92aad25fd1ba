/**
 * @module test/support/browser
 * The browser of the end-to-end tests.
 */
export { findChromium, launchBrowser, type Chromium } from "../../scripts/common/browser.ts";

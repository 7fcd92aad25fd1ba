/**
 * @module app/main
 * Starts the app. Nothing is drawn before the policies that protect it are in place.
 */
import "@mantine/core/styles.css";
import "@mantine/dates/styles.css";
import "@mantine/dropzone/styles.css";
import "@mantine/notifications/styles.css";
import "./global.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { config } from "zod";
import { App } from "./app.tsx";
import { installTrustedTypes } from "./trusted-types.ts";

installTrustedTypes();
// Without this zod tries `new Function`, which the Content Security Policy refuses and reports.
config({ jitless: true });

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

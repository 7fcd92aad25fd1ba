/**
 * @module app/policies
 * What must hold before any other module runs. Imported first by `main.tsx`, because modules run in the order of their imports.
 */
import { config } from "zod";
import { installTrustedTypes } from "./trusted-types.ts";

installTrustedTypes();
// Without this zod tries `new Function`, which the Content Security Policy refuses and reports.
config({ jitless: true });

/**
 * @module app/main
 * Starts the app: the policies that protect it first, then everything else, which is loaded only after them.
 */
import "./policies.ts";

const { drawApp } = await import("./draw-app.tsx");
drawApp();

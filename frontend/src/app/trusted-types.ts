/**
 * @module app/trusted-types
 * The app's only Trusted Types policy. It allows scripts and workers of this origin, and no HTML from strings at all.
 */

type PolicyFactory = {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): unknown;
};

/** Installs the default policy where the browser knows Trusted Types. Call once, before anything else runs. */
export function installTrustedTypes(): void {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  factory?.createPolicy("default", {
    createScriptURL(url) {
      if (new URL(url, location.href).origin === location.origin) return url;
      throw new TypeError("scripts are loaded from this origin only");
    },
  });
}

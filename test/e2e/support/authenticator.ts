/**
 * @module test/e2e/support/authenticator
 * An authenticator built into a person's device, as Chromium simulates it: passkeys with the PRF extension, the finger always there.
 */
import type { E2ePerson } from "./person.ts";

/** The test's side of an authenticator. */
export type Authenticator = {
  /** How many passkeys it holds. */
  count(): Promise<number>;
  /** Forgets them all, as a lost device does. */
  lose(): Promise<void>;
};

/** Gives the person's page a built-in authenticator. */
export async function addAuthenticator({ context, page }: E2ePerson, hasPrf = true): Promise<Authenticator> {
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf,
    },
  });
  return {
    count: async () => (await devtools.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length,
    lose: async () => {
      await devtools.send("WebAuthn.clearCredentials", { authenticatorId });
    },
  };
}

/**
 * @module features/identity/sign-in-page
 * Signing in: what the wallet will show, and what it does not do.
 */
import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { Address } from "@carekey/sdk/bytes";
import type { Carekey } from "@carekey/sdk/client";
import { ActStatus } from "../../components/act.tsx";
import { BeforeSigning } from "../../components/before-signing.tsx";
import { useSignIn } from "./hooks.ts";

/** Props of {@link SignInPage}. */
export type SignInPageProps = { carekey: Carekey; address: Address; isKnown: boolean };

/** One signature, explained. */
export function SignInPage({ carekey, address, isKnown }: SignInPageProps): ReactNode {
  const act = useSignIn(carekey, address);
  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>{isKnown ? "Welcome back" : "First, sign in"}</Title>
        <Text c="dimmed" mt={6}>
          Carekey’s server keeps your encrypted files. Sign in so that it knows which ones are yours.
        </Text>
      </div>
      <BeforeSigning
        title="What your wallet will ask"
        points={[
          `To sign a short message with the name of this site (${window.location.host}), a one-time number and an end time.`,
          "It costs nothing and sends nothing to the network.",
          "It opens no record. For that you need your passphrase or your recovery code.",
        ]}
        confirmLabel="Sign in"
        onConfirm={() => void act.run()}
        isRunning={act.isRunning}
      />
      <ActStatus act={act} hideDone />
    </Stack>
  );
}

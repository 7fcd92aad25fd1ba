/**
 * @module features/identity/code-page
 * The second half of a sign-in: the one-time code, without which nothing of the account is shown.
 */
import { Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Carekey } from "@carekey/sdk/client";
import { ActStatus } from "../../components/act.tsx";
import { Card } from "../../components/card.tsx";
import { CodePrompt } from "../../components/code-form.tsx";
import { queryKeys } from "../../lib/query-keys.ts";
import { refresh } from "../../lib/refresh.ts";
import { useSignOut } from "./hooks.ts";

/** The page. Leaving it signs out. */
export function CodePage({ carekey }: { carekey: Carekey }): ReactNode {
  const queryClient = useQueryClient();
  const goOn = () => void refresh(queryClient, queryKeys.account(carekey.wallet.account.address));
  const signOut = useSignOut(carekey, goOn);
  return (
    <Stack gap="lg">
      <div>
        <Title order={1}>Enter your one-time code</Title>
        <Text c="dimmed" mt={6}>
          You turned codes on, so your wallet alone does not sign you in.
        </Text>
      </div>
      <Card>
        <CodePrompt
          carekey={carekey}
          purpose="sign-in"
          label="Go on"
          onEntered={goOn}
          onCancel={() => void signOut.run()}
        />
      </Card>
      <ActStatus act={signOut} hideDone />
    </Stack>
  );
}

/**
 * @module app/splash
 * What is shown for the moment in which it is not known yet what to show.
 */
import { Center, Loader, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A quiet spinner, and what is waited for: a wallet may take a person's time to answer. */
export function Splash({ label }: { label: string }): ReactNode {
  return (
    <Center component="main" h="100dvh" p="md">
      <Stack align="center" role="status">
        <Loader aria-hidden="true" />
        <Title order={1} size="h4" ta="center">
          {label}
        </Title>
      </Stack>
    </Center>
  );
}

/**
 * @module app/splash
 * What is shown for the moment in which it is not known yet what to show.
 */
import { Center, Loader, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";

/** A quiet spinner with words for screen readers. */
export function Splash({ label }: { label: string }): ReactNode {
  return (
    <Center h="100dvh" role="status">
      <Loader aria-hidden="true" />
      <VisuallyHidden>{label}</VisuallyHidden>
    </Center>
  );
}

/**
 * @module components/empty-state
 * What a screen shows when there is nothing yet: a drawing, what would be here, and the one thing to do.
 */
import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Drawing, type DrawingName } from "./icons.tsx";

/** Words of an empty screen; `action` is a button or link with a verb. */
export type EmptyStateProps = { title: string; text: ReactNode; action?: ReactNode; drawing?: DrawingName };

/** An empty screen or section. */
export function EmptyState({ title, text, action, drawing = "records" }: EmptyStateProps): ReactNode {
  return (
    <Stack align="center" gap="sm" py={40} px="md" ta="center">
      <Drawing name={drawing} />
      <Title order={2} size="h3">
        {title}
      </Title>
      <Text c="dimmed" maw="34rem">
        {text}
      </Text>
      {action !== undefined && <div className="carekey-empty-action">{action}</div>}
    </Stack>
  );
}

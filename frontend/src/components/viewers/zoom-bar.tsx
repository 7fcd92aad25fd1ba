/**
 * @module components/viewers/zoom-bar
 * Smaller, larger, fit: the buttons over a picture or document.
 */
import { Button, Group, Text } from "@mantine/core";
import { IconArrowAutofitWidth, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** Zoom steps; 1 fits the width. */
export const ZOOM_STEPS = [0.5, 0.75, 1, 1.5, 2, 3, 4] as const;

/** Props of {@link ZoomBar}. `zoom` is one of {@link ZOOM_STEPS}. */
export type ZoomBarProps = { zoom: number; onZoom: (zoom: number) => void; children?: ReactNode };

/** Buttons with words, all reachable by keyboard. */
export function ZoomBar({ zoom, onZoom, children }: ZoomBarProps): ReactNode {
  const smaller = ZOOM_STEPS.findLast((step) => step < zoom);
  const larger = ZOOM_STEPS.find((step) => step > zoom);
  return (
    <Group gap="xs" role="toolbar" aria-label="View">
      <Button
        variant="default"
        leftSection={<IconZoomOut size={20} aria-hidden="true" />}
        disabled={smaller === undefined}
        onClick={() => smaller !== undefined && onZoom(smaller)}
      >
        Smaller
      </Button>
      <Button
        variant="default"
        leftSection={<IconZoomIn size={20} aria-hidden="true" />}
        disabled={larger === undefined}
        onClick={() => larger !== undefined && onZoom(larger)}
      >
        Larger
      </Button>
      <Button
        variant="default"
        leftSection={<IconArrowAutofitWidth size={20} aria-hidden="true" />}
        disabled={zoom === 1}
        onClick={() => onZoom(1)}
      >
        Fit
      </Button>
      <Text c="dimmed" aria-live="polite">
        {Math.round(zoom * 100)} %
      </Text>
      {children}
    </Group>
  );
}

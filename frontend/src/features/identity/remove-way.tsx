/**
 * @module features/identity/remove-way
 * Takes one way to unlock away, and says which ones remain.
 */
import type { ReactNode } from "react";
import type { WayToUnlock } from "@carekey/sdk/client";
import { ConfirmSheet } from "../../components/confirm-sheet.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { useRemoveWay } from "./hooks.ts";
import { wayName, whatRemains } from "./ways.ts";

/** Props of {@link RemoveWay}. */
export type RemoveWayProps = {
  opened: boolean;
  onClose: () => void;
  way: WayToUnlock;
  remaining: readonly WayToUnlock[];
};

/** The sheet that asks first. */
export function RemoveWay({ opened, onClose, way, remaining }: RemoveWayProps): ReactNode {
  const { carekey, person } = useCarekey();
  const act = useRemoveWay(carekey, person);
  return (
    <ConfirmSheet
      opened={opened}
      onClose={onClose}
      title={`Remove: ${wayName(way)}`}
      points={["It opens your records no longer, on any device.", whatRemains(remaining)]}
      confirmLabel="Remove it"
      onConfirm={() => void act.run(way.id)}
      act={act}
    />
  );
}

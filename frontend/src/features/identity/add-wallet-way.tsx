/**
 * @module features/identity/add-wallet-way
 * Turns on unlocking by the wallet's signature, after saying what that means.
 */
import type { ReactNode } from "react";
import { ConfirmSheet } from "../../components/confirm-sheet.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { useAddWalletWay } from "./hooks.ts";

/** The sheet that asks first. */
export function AddWalletWay({ opened, onClose }: { opened: boolean; onClose: () => void }): ReactNode {
  const { carekey, person } = useCarekey();
  const act = useAddWalletWay(carekey, person);
  return (
    <ConfirmSheet
      opened={opened}
      onClose={onClose}
      title="Let your wallet unlock"
      points={[
        "You sign the same words twice. That costs nothing.",
        "If both signatures are alike, they open your records from then on, on every device with this wallet.",
        "You can turn it off again at any time.",
      ]}
      irreversible="From then on, whoever steals your wallet can read all your records. Without this, a stolen wallet opens nothing."
      isDanger
      confirmLabel="I understand, go on"
      onConfirm={() => void act.run(undefined)}
      act={act}
    />
  );
}

/**
 * @module features/consent/honest-word
 * What a patient accepts by turning emergency access on, without a fig leaf.
 */
import { IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Notice } from "../../components/notice.tsx";
import { useCarekey } from "../../lib/carekey.tsx";

/** The honest sentence. */
export function HonestWord(): ReactNode {
  const { threshold, keepers } = useCarekey().carekey.deployment;
  return (
    <Notice tone="waiting" icon={<IconInfoCircle size={24} />} title="What you accept by this">
      The records you choose for emergencies are less protected than your others: any {threshold} of the{" "}
      {keepers.length} keepers could read them if they worked together, and so could two clinicians who lie together.
      Everything else stays as it is. Choose only what would save your life.
    </Notice>
  );
}

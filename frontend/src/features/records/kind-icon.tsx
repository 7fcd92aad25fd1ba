/**
 * @module features/records/kind-icon
 * A small drawing of what a record is. Decorative: the words beside it say the same.
 */
import {
  IconActivity,
  IconCamera,
  IconClipboardText,
  IconFile,
  IconFileText,
  IconFlask,
  IconNeedle,
  IconPill,
  IconPlant2,
  IconPhotoScan,
  IconBandage,
  IconStethoscope,
  IconUser,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { kindOfFile, type TimelineKind } from "./record-model.ts";
import classes from "./kind-icon.module.css";

const icons: Readonly<Record<TimelineKind, typeof IconFile>> = {
  diagnosis: IconStethoscope,
  prescription: IconPill,
  "lab-report": IconFlask,
  imaging: IconPhotoScan,
  "visit-note": IconClipboardText,
  document: IconFileText,
  allergy: IconPlant2,
  vaccination: IconNeedle,
  procedure: IconBandage,
  measurement: IconActivity,
  person: IconUser,
  other: IconFile,
  photo: IconCamera,
  file: IconFile,
};

/** The icon of a kind, or of the kind that a file's type and name suggest. */
export function KindIcon(props: { kind: TimelineKind } | { fileType: string; fileName: string }): ReactNode {
  const Icon = icons["kind" in props ? props.kind : kindOfFile(props.fileType, props.fileName)];
  return (
    <span className={classes.icon} aria-hidden="true">
      <Icon size={24} stroke={1.6} />
    </span>
  );
}

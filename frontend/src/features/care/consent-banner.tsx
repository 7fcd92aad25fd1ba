/**
 * @module features/care/consent-banner
 * What this clinician may do in this chart, and until when: always on top.
 */
import { Text } from "@mantine/core";
import { IconEye, IconEyeOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { READ } from "@carekey/sdk/consent";
import { Notice } from "../../components/notice.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { formatDate, formatList, formatRelative } from "../../lib/format.ts";
import { SOON, untilWords, type PatientOfMine } from "./care-model.ts";

/** The consent in plain words. */
export function ConsentBanner({ patient, action }: { patient: PatientOfMine; action: ReactNode }): ReactNode {
  const { carekey } = useCarekey();
  const { name, scopeLabels, readUntil, writeUntil } = patient;
  if (readUntil === null && writeUntil === null) return <NoConsent patient={patient} />;
  const isSoon = (readUntil ?? writeUntil ?? 0) < carekey.now() + SOON;
  const purposes = patient.grants
    .filter(({ status, terms }) => status === "active" && terms.rights === READ && terms.about.purpose !== "")
    .map(({ terms }) => terms.about.purpose);
  return (
    <Notice
      tone={isSoon ? "waiting" : "accent"}
      icon={<IconEye size={24} />}
      title={
        readUntil === null
          ? "You may add entries, but not read"
          : `You may read: ${formatList(scopeLabels)} – until ${untilWords(readUntil)}`
      }
    >
      {writeUntil !== null && (
        <Text>
          You may add entries until {untilWords(writeUntil)}. {name || "The patient"} approves each.
        </Text>
      )}
      {purposes.length > 0 && <Text>Shared for: {formatList([...new Set(purposes)])}</Text>}
      {action}
    </Notice>
  );
}

function NoConsent({ patient }: { patient: PatientOfMine }): ReactNode {
  const name = patient.name || "This patient";
  const [last] = patient.grants;
  const next = patient.grants.find(({ status }) => status === "not-yet");
  if (next !== undefined) {
    return (
      <Notice tone="waiting" icon={<IconEyeOff size={24} />} title={`Begins ${formatDate(next.terms.notBefore)}`}>
        {name} shares with you from then on.
      </Notice>
    );
  }
  if (last === undefined) {
    return (
      <Notice icon={<IconEyeOff size={24} />} title="Nothing is shared with you">
        Ask for access, and the patient decides.
      </Notice>
    );
  }
  return (
    <Notice icon={<IconEyeOff size={24} />} title={`${name} no longer shares with you`}>
      {last.revokedAt === null
        ? `The consent ended ${formatRelative(last.terms.expiresAt)}.`
        : `${name} stopped sharing ${formatRelative(last.revokedAt)}.`}{" "}
      You can ask for access again.
    </Notice>
  );
}

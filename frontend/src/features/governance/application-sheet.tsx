/**
 * @module features/governance/application-sheet
 * One application: what the clinician wrote, the scan, and the decision with a date or a reason.
 */
import { Button, SegmentedControl, Stack, Text, TextInput, Textarea } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { Application } from "@carekey/sdk/client";
import { ActStatus } from "../../components/act.tsx";
import { BeforeSigning } from "../../components/before-signing.tsx";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { KeyNotice } from "../../components/key-status.tsx";
import { TechnicalDetails } from "../../components/technical-details.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { OWN_FEE_WORDS } from "../../lib/fees.ts";
import { dayOf, endOfDay } from "../../lib/days.ts";
import { formatDate, formatDateTime } from "../../lib/format.ts";
import { isTrusted } from "../../lib/trusted-key.ts";
import { useDecideApplication } from "./hooks.ts";
import { ScanView } from "./scan-view.tsx";
import classes from "./governance.module.css";

/** A new licence is confirmed for two years unless the registrar says otherwise. */
const USUAL_YEARS = 2;

function usualEnd(): string {
  const today = new Date();
  return dayOf(today.setFullYear(today.getFullYear() + USUAL_YEARS) / 1000);
}

/** Props of {@link ApplicationSheet}. */
export type ApplicationSheetProps = { application: Application; onClose: () => void };

/** An application in a sheet. */
export function ApplicationSheet({ application, onClose }: ApplicationSheetProps): ReactNode {
  const decide = useDecideApplication();
  const close = () => {
    if (!decide.isRunning) onClose();
  };
  return (
    <Sheet opened onClose={close} title={`Application of ${application.name}`} size="xl" isBusy={decide.isRunning}>
      <Stack>
        <Facts application={application} />
        <KeyNotice profile={application.fromProfile} />
        {application.hasScan ? (
          <ScanView application={application} />
        ) : (
          <Text c="dimmed">No scan came with this application.</Text>
        )}
        {decide.status === "done" ? (
          <>
            <ActStatus act={decide} />
            <Button onClick={close}>Close</Button>
          </>
        ) : (
          <DecisionForm application={application} act={decide} onClose={close} />
        )}
      </Stack>
    </Sheet>
  );
}

function Facts({ application }: { application: Application }): ReactNode {
  const facts = [
    ["Name", application.name],
    ["Speciality", application.speciality],
    ["Licence number", application.licenceNumber],
    ["Sent", formatDateTime(application.sentAt)],
  ] as const;
  return (
    <>
      <dl className={classes.facts}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <TechnicalDetails facts={[{ label: "Address", value: application.from, copy: application.from }]} />
    </>
  );
}

type FormProps = ApplicationSheetProps & { act: ReturnType<typeof useDecideApplication> };

function DecisionForm({ application, act, onClose }: FormProps): ReactNode {
  const { carekey } = useCarekey();
  const [verdict, setVerdict] = useState<"verified" | "rejected">("verified");
  const [day, setDay] = useState(usualEnd);
  const [reason, setReason] = useState("");
  const validUntil = endOfDay(day);
  const isPast = validUntil === null || validUntil < carekey.now();
  const isReady = verdict === "verified" ? !isPast : reason.trim() !== "";
  const send = () =>
    void act.run({
      application,
      verdict,
      reason,
      ...(verdict === "verified" && validUntil !== null ? { validUntil } : {}),
    });
  return (
    <Stack>
      <SegmentedControl
        aria-label="Your decision"
        value={verdict}
        onChange={(value) => setVerdict(value === "rejected" ? "rejected" : "verified")}
        data={[
          { value: "verified", label: "Verify" },
          { value: "rejected", label: "Reject" },
        ]}
      />
      {verdict === "verified" ? (
        <TextInput
          type="date"
          label="Valid until"
          description="As on the licence. After this day the clinician applies again."
          required
          value={day}
          onChange={(event) => setDay(event.currentTarget.value)}
          error={isPast ? "Choose a day in the future" : null}
        />
      ) : (
        <Textarea
          label="Reason"
          description="The applicant reads it."
          required
          autosize
          minRows={2}
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      <BeforeSigning
        title="What will happen"
        points={pointsOf(application, verdict, validUntil)}
        cost={verdict === "verified" ? OWN_FEE_WORDS : "This costs nothing."}
        confirmLabel={verdict === "verified" ? "Verify in your wallet" : "Reject and tell them"}
        onConfirm={send}
        onCancel={onClose}
        isRunning={act.isRunning}
        disabled={!isReady || !isTrusted(application.fromProfile)}
      >
        <ActStatus act={act} />
      </BeforeSigning>
    </Stack>
  );
}

function pointsOf(application: Application, verdict: "verified" | "rejected", validUntil: number | null): string[] {
  const { name } = application;
  if (verdict === "rejected") return [`${name} is told, with your reason, and may apply again.`];
  return [
    `Everybody sees that ${name}’s licence is verified${validUntil === null ? "" : ` until ${formatDate(validUntil)}`}.`,
    `Patients can then share with ${name}. Each patient still decides.`,
    "The licence number does not become public.",
  ];
}

/**
 * @module features/care/licence-card
 * Where this clinician's licence stands, and the one thing to do about it.
 */
import { Button, Text } from "@mantine/core";
import { IconClock, IconRosetteDiscountCheck, IconShieldQuestion } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { OwnApplication, PersonProfile } from "@carekey/sdk/client";
import { Notice } from "../../components/notice.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { formatDate } from "../../lib/format.ts";
import { DAY } from "./care-model.ts";
import { useOwnApplication, useOwnProfile } from "./hooks.ts";
import { LicenceSheet } from "./licence-sheet.tsx";

/** Before a licence ends, it is worth a word for this long. */
const REMIND_FOR = 30 * DAY;

/** The licence, from "not applied" to "verified". Quiet while all is well. */
export function LicenceCard(): ReactNode {
  const profile = useOwnProfile();
  const application = useOwnApplication();
  const [isOpen, setOpen] = useState(false);
  return (
    <QueryStates query={profile} label="Looking up your licence">
      {(own) => (
        <QueryStates query={application} label="Looking up your application">
          {(sent) => (
            <>
              <LicenceState profile={own} application={sent} onApply={() => setOpen(true)} />
              <LicenceSheet opened={isOpen} onClose={() => setOpen(false)} profile={own} last={sent} />
            </>
          )}
        </QueryStates>
      )}
    </QueryStates>
  );
}

type StateProps = { profile: PersonProfile; application: OwnApplication | null; onApply: () => void };

function LicenceState({ profile, application, onApply }: StateProps): ReactNode {
  const { carekey } = useCarekey();
  const { verifiedUntil, suspended, role } = profile.identity;
  const what = role === 3 ? "organisation" : "licence";
  const isSoon = verifiedUntil < carekey.now() + REMIND_FOR;
  if (suspended) {
    return (
      <Notice tone="danger" icon={<IconShieldQuestion size={24} />} title={`The registrar has suspended your ${what}`}>
        You cannot open or add records until it is restored. Ask the registrar for the reason.
      </Notice>
    );
  }
  if (profile.verified) {
    return (
      <Notice tone="good" icon={<IconRosetteDiscountCheck size={24} />} title={`Your ${what} is verified`}>
        <Text>Until {formatDate(verifiedUntil)}.</Text>
        {isSoon && <ApplyButton label="Send a new application" onApply={onApply} />}
      </Notice>
    );
  }
  if (application !== null && application.answer === null) {
    return (
      <Notice tone="waiting" icon={<IconClock size={24} />} title="Your application is with the registrar">
        <Text>
          Sent {formatDate(application.sentAt)}. Until it is checked, patients see you as “not verified yet” and you
          cannot open or add records.
        </Text>
        <ApplyButton label="Send it again with changes" onApply={onApply} />
      </Notice>
    );
  }
  const reason = application?.answer?.verdict === "rejected" ? application.answer.reason : null;
  return (
    <Notice
      tone="waiting"
      icon={<IconShieldQuestion size={24} />}
      title={
        application?.answer?.verdict === "rejected"
          ? `The registrar did not verify your ${what}`
          : verifiedUntil > 0
            ? `The verification of your ${what} has ended`
            : `Your ${what} is not verified yet`
      }
    >
      {reason !== null && <Text>The registrar wrote: “{reason}”</Text>}
      <Text>Patients can share with you once the registrar has checked your {what}.</Text>
      <ApplyButton label="Apply to the registrar" onApply={onApply} isPrimary />
    </Notice>
  );
}

type ApplyButtonProps = { label: string; onApply: () => void; isPrimary?: boolean };

function ApplyButton({ label, onApply, isPrimary = false }: ApplyButtonProps): ReactNode {
  return (
    <Button mt="sm" variant={isPrimary ? "filled" : "default"} onClick={onApply}>
      {label}
    </Button>
  );
}

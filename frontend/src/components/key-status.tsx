/**
 * @module components/key-status
 * A person's key against the one met before: a quiet word while all is well known, a badge and what to do when it is another.
 */
import { Badge, Button, Text } from "@mantine/core";
import { IconKey, IconKeyOff } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { PersonProfile } from "@carekey/sdk/client";
import { useConfirmKey } from "../lib/known-keys.ts";
import { ConfirmSheet } from "./confirm-sheet.tsx";
import { Fingerprint } from "./fingerprint.tsx";
import { Notice } from "./notice.tsx";

/** One line beside a name. Nothing for a key that is known, or met for the first time. */
export function KeyBadge({ profile }: { profile: Pick<PersonProfile, "keyStatus"> }): ReactNode {
  switch (profile.keyStatus) {
    case "changed":
      return <Badge color="yellow">New key since you last met</Badge>;
    case "mismatch":
      return <Badge color="red">Not the registered key</Badge>;
    case "missing":
      return <Badge color="gray">No key to be found</Badge>;
    default:
      return null;
  }
}

/** Props of {@link KeyNotice}. */
export type KeyNoticeProps = {
  profile: PersonProfile;
  /** Called with the profile as it is once its key was confirmed. */
  onConfirmed?: (profile: PersonProfile) => void;
};

/** What to do about a key that is not the one met before. Nothing for a key that may be used. */
export function KeyNotice({ profile, onConfirmed }: KeyNoticeProps): ReactNode {
  // Kept as it was shown: what is confirmed is what was compared, also once the screen behind knows better.
  const [compared, setCompared] = useState<PersonProfile | null>(null);
  const { name, keyStatus } = profile;
  return (
    <>
      {keyStatus === "changed" && (
        <Notice tone="waiting" icon={<IconKey size={24} />} title={`${name} has a new key since you last met`}>
          <Text mb="sm">
            That happens when somebody makes new keys, for example after losing a phone. It could also be somebody else.
            Until you confirm the new key, nothing is sent to it.
          </Text>
          <Button variant="default" onClick={() => setCompared(profile)}>
            Compare and confirm
          </Button>
        </Notice>
      )}
      {(keyStatus === "mismatch" || keyStatus === "missing") && <Refusal profile={profile} />}
      {compared !== null && (
        <CompareSheet
          profile={compared}
          onClose={() => setCompared(null)}
          onConfirmed={() => onConfirmed?.({ ...compared, keyStatus: "same" })}
        />
      )}
    </>
  );
}

function Refusal({ profile: { name, keyStatus } }: { profile: PersonProfile }): ReactNode {
  if (keyStatus === "missing") {
    return (
      <Notice icon={<IconKeyOff size={24} />} title={`No key of ${name} can be found`}>
        Nothing can be sent to them for now. Try again later.
      </Notice>
    );
  }
  return (
    <Notice tone="danger" icon={<IconKeyOff size={24} />} title={`The key of ${name} cannot be trusted`}>
      We were given a key that is not the registered one. Nothing is sent to it. Reload the page; if this stays, ask the
      person directly before you do anything here.
    </Notice>
  );
}

type CompareProps = { profile: PersonProfile; onClose: () => void; onConfirmed: () => void };

function CompareSheet({ profile, onClose, onConfirmed }: CompareProps): ReactNode {
  const confirm = useConfirmKey(onConfirmed);
  const { name } = profile;
  return (
    <ConfirmSheet
      opened
      onClose={onClose}
      title={`Is this really ${name}?`}
      panelTitle="Compare these digits"
      points={[
        `Call ${name}, or ask when you meet. They find their own digits under Me.`,
        "If every group is the same, confirm. It costs nothing and needs no signature.",
        "If one group differs, do not confirm, and tell them that somebody may be using their account.",
      ]}
      confirmLabel="Every group is the same"
      act={confirm}
      onConfirm={() => void confirm.run(profile)}
    >
      <Fingerprint value={profile.fingerprint} of={name} />
    </ConfirmSheet>
  );
}

/**
 * @module features/consent/request-card
 * Somebody asks to see records: what, why, until when; to share or to refuse with a reason. Answers are kept.
 */
import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { IconShare3, IconX } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { AccessRequest, PersonProfile } from "@carekey/sdk/client";
import { SCOPES } from "@carekey/sdk/consent";
import { Card } from "../../components/card.tsx";
import { ConfirmSheet } from "../../components/confirm-sheet.tsx";
import { KeyNotice } from "../../components/key-status.tsx";
import { Notice } from "../../components/notice.tsx";
import { PersonName } from "../../components/person-name.tsx";
import { formatDate, formatDateTime, formatList } from "../../lib/format.ts";
import { isTrusted, isUnvouched } from "../../lib/trusted-key.ts";
import { useRefuseRequest } from "./hooks.ts";
import classes from "./sharing.module.css";

const MAX_REASON = 500;

/** Props of {@link RequestCard}. */
export type RequestCardProps = { request: AccessRequest; onShare: () => void; onRefuse: () => void };

/** A request that waits. */
export function RequestCard({ request, onShare, onRefuse }: RequestCardProps): ReactNode {
  const name = request.fromProfile?.name ?? "this person";
  return (
    <Card tone="waiting" label={`Request from ${name}`}>
      <Stack gap="md">
        <PersonName address={request.from} profile={request.fromProfile} variant="card" />
        <div>
          <Text fw={600}>{wishWords(request)}</Text>
          <Text>Until {formatDate(request.expiresAt)}</Text>
          <Text>Why: {request.purpose}</Text>
          {request.message !== "" && <Text c="dimmed">“{request.message}”</Text>}
          <Text c="dimmed">Asked {formatDateTime(request.sentAt)}</Text>
        </div>
        {request.fromProfile !== null && <KeyNotice profile={request.fromProfile} />}
        {request.fromProfile !== null && <Unconfirmed profile={request.fromProfile} />}
        <Group gap="sm">
          <Button
            leftSection={<IconShare3 size={20} aria-hidden />}
            onClick={onShare}
            disabled={request.fromProfile === null || !mayAnswer(request.fromProfile)}
          >
            Look at it and share
          </Button>
          <Button variant="default" leftSection={<IconX size={20} aria-hidden />} onClick={onRefuse}>
            Refuse
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

function mayAnswer(profile: PersonProfile): boolean {
  return isTrusted(profile) && (profile.verified || isUnvouched(profile));
}

function Unconfirmed({ profile }: { profile: PersonProfile }): ReactNode {
  if (profile.verified) return null;
  if (isUnvouched(profile)) {
    return (
      <Notice tone="waiting" title="Nobody has checked who this is">
        <Text>
          A private person asks, such as a relative. Answer only if you know that it is them. They can only read.
        </Text>
      </Notice>
    );
  }
  return (
    <Notice tone="waiting" title="No licence of this person is confirmed">
      <Text>You can refuse, or wait until the registrar has confirmed it.</Text>
    </Notice>
  );
}

/** Refusing, with a reason that the asker reads. Keeps its request while it closes. */
export function RefuseSheet({ request, onClose }: { request: AccessRequest | null; onClose: () => void }): ReactNode {
  const [kept, setKept] = useState(request);
  const [reason, setReason] = useState("");
  const refuse = useRefuseRequest();
  if (request !== null && request !== kept) {
    setKept(request);
    setReason("");
  }
  if (kept === null) return null;
  const name = kept.fromProfile?.name ?? "this person";
  return (
    <ConfirmSheet
      opened={request !== null}
      onClose={onClose}
      title={`Refuse the request from ${name}`}
      points={[
        "Nothing is shared.",
        `${name} is told, with your reason if you give one. You both keep a note of it.`,
        "No signature and no fee.",
      ]}
      confirmLabel="Refuse"
      act={refuse}
      onConfirm={() => void refuse.run({ request: kept, reason })}
    >
      <Textarea
        label="Why do you refuse?"
        description="You may leave it empty."
        autosize
        minRows={2}
        maxLength={MAX_REASON}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </ConfirmSheet>
  );
}

/** What is asked for, in words. */
function wishWords({ rights, scopes }: AccessRequest): string {
  const labels = scopes.map((scope) => SCOPES.find(({ name }) => name === scope)?.label ?? scope);
  const wishes = [
    ...(rights.includes("read") ? [`read ${formatList(labels)}`] : []),
    ...(rights.includes("write") ? ["add entries to your records"] : []),
  ];
  return `Asks to ${formatList(wishes)}`;
}

/** Requests that were answered, kept with the answer. */
export function AnsweredRequests({ requests }: { requests: readonly AccessRequest[] }): ReactNode {
  return (
    <details>
      <summary className={classes.answered}>
        {requests.length === 1 ? "One request you answered" : `${requests.length} requests you answered`}
      </summary>
      <Card padding="none">
        <ul className={classes.list}>
          {requests.map((request) => (
            <li key={request.id} className={classes.past}>
              <PersonName address={request.from} profile={request.fromProfile} variant="line" />
              <Text>{wishWords(request)}</Text>
              <Text c="dimmed">
                {request.status === "approved" ? "You shared" : "You refused"}
                {request.answeredAt !== null && `, ${formatDateTime(request.answeredAt)}`}
                {request.reason !== null && `. Your reason: “${request.reason}”`}
              </Text>
            </li>
          ))}
        </ul>
      </Card>
    </details>
  );
}

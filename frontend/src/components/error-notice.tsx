/**
 * @module components/error-notice
 * A failure in words: what went wrong, what is safe, what to do. A refusal by the person is drawn neutral, never red.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconHandStop, IconHourglass, IconInfoCircle } from "@tabler/icons-react";
import { isSdkError } from "@carekey/sdk/errors";
import type { ReactNode } from "react";
import { errorCodeOf, sentenceFor, type ErrorTone } from "../lib/error-sentences.ts";
import { Notice } from "./notice.tsx";
import { TechnicalDetails, type TechnicalFact } from "./technical-details.tsx";

const icons: Record<ErrorTone, typeof IconAlertTriangle> = {
  refusal: IconHandStop,
  waiting: IconHourglass,
  problem: IconInfoCircle,
  danger: IconAlertTriangle,
};

const tones = { refusal: "neutral", waiting: "waiting", problem: "neutral", danger: "danger" } as const;

/** Props of {@link ErrorNotice}. */
export type ErrorNoticeProps = { error: unknown; onRetry?: () => void; retryLabel?: string };

/** Any thrown value as a notice with a next step. */
export function ErrorNotice({ error, onRetry, retryLabel = "Try again" }: ErrorNoticeProps): ReactNode {
  const sentence = sentenceFor(error);
  const Icon = icons[sentence.tone];
  return (
    <Notice
      tone={tones[sentence.tone]}
      icon={<Icon size={24} />}
      title={sentence.title}
      role={sentence.tone === "danger" ? "alert" : "status"}
    >
      <Stack gap="xs">
        <Text>{sentence.safe}</Text>
        <Text>{sentence.next}</Text>
        {onRetry !== undefined && (
          <Group>
            <Button variant="default" onClick={onRetry}>
              {retryLabel}
            </Button>
          </Group>
        )}
        {sentence.tone !== "refusal" && <TechnicalDetails facts={factsOf(error)} />}
      </Stack>
    </Notice>
  );
}

function factsOf(error: unknown): TechnicalFact[] {
  const facts: TechnicalFact[] = [{ label: "Code", value: errorCodeOf(error) }];
  if (error instanceof Error) facts.push({ label: "Message", value: error.message });
  if (isSdkError(error)) {
    for (const [label, value] of Object.entries(error.details)) {
      if (["string", "number", "boolean", "bigint"].includes(typeof value)) facts.push({ label, value: String(value) });
    }
  }
  return facts;
}

/**
 * @module features/consent/unreadable-consents
 * Consents whose description is gone from storage. Nobody can say what they share, but they can be stopped.
 */
import { Button, Stack, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { Hex } from "@carekey/sdk/bytes";
import { Card, Section } from "../../components/card.tsx";
import { ConfirmSheet } from "../../components/confirm-sheet.tsx";
import { TechnicalDetails } from "../../components/technical-details.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { useFeeWords } from "../../lib/fees.ts";
import { formatDateTime } from "../../lib/format.ts";
import { useStopSharing } from "./hooks.ts";

/** The section. */
export function UnreadableConsents({ consents }: { consents: readonly { id: Hex; grantedAt: number }[] }): ReactNode {
  const [stopping, setStopping] = useState<Hex | null>(null);
  const stop = useStopSharing();
  const cost = useFeeWords(useCarekey().carekey);
  return (
    <Section title="Sharing that could not be read">
      <Stack gap="md">
        {consents.map(({ id, grantedAt }) => (
          <Card key={id} tone="waiting">
            <Stack gap="sm" align="flex-start">
              <Text>
                On {formatDateTime(grantedAt)} you shared something, but its description is missing from storage. If you
                do not remember it, stop it.
              </Text>
              <Button variant="default" onClick={() => setStopping(id)}>
                Stop this sharing
              </Button>
              <TechnicalDetails facts={[{ label: "Consent id", value: id, copy: id }]} />
            </Stack>
          </Card>
        ))}
      </Stack>
      <ConfirmSheet
        opened={stopping !== null}
        onClose={() => setStopping(null)}
        title="Stop this sharing"
        points={["Whoever it was for can open nothing more by it.", "Your wallet asks once."]}
        irreversible="What was opened before cannot be taken back."
        cost={cost}
        confirmLabel="Stop sharing"
        isDanger
        act={stop}
        onConfirm={() => stopping !== null && void stop.run({ id: stopping, name: "Whoever it was for", rights: null })}
      />
    </Section>
  );
}

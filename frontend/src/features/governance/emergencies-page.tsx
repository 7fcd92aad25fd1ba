/**
 * @module features/governance/emergencies-page
 * The registrar's desk for emergencies: what runs, what waits for a review, and what was found. No record can be read from here.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { isRunning, type EmergencyCase } from "@carekey/sdk/client";
import { Section } from "../../components/card.tsx";
import { ConfirmSheet } from "../../components/confirm-sheet.tsx";
import { EmergencyCaseCard } from "../../components/emergency-case.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { useEmergencies } from "../../lib/emergency.ts";
import { OWN_FEE_WORDS } from "../../lib/fees.ts";
import { useReview } from "./emergency-hooks.ts";

/** The page. */
export function EmergenciesPage(): ReactNode {
  const emergencies = useEmergencies();
  return (
    <Screen title="Emergencies" intro="Every request for emergency access. You see who asked and why, and no record.">
      <QueryStates
        query={emergencies}
        label="Loading emergencies"
        empty={{
          drawing: "shield",
          title: "No emergencies",
          text: "When a clinician asks for emergency access, it appears here at once.",
        }}
      >
        {(all) => <Lists all={all} />}
      </QueryStates>
    </Screen>
  );
}

function Lists({ all }: { all: readonly EmergencyCase[] }): ReactNode {
  const running = all.filter(({ phase }) => isRunning(phase));
  const waiting = all.filter(({ phase, verdict }) => !isRunning(phase) && verdict === null);
  const reviewed = all.filter(({ verdict }) => verdict !== null);
  return (
    <>
      {running.length > 0 && (
        <Section title="Running now">
          <Stack gap="md">
            {running.map((found) => (
              <EmergencyCaseCard key={found.id} found={found} />
            ))}
          </Stack>
        </Section>
      )}
      <Section title="Waiting for your review">
        {waiting.length === 0 ? (
          <Text c="dimmed">Nothing waits. Every request that is over has been reviewed.</Text>
        ) : (
          <Stack gap="md">
            {waiting.map((found) => (
              <ToReview key={found.id} found={found} />
            ))}
          </Stack>
        )}
      </Section>
      {reviewed.length > 0 && (
        <Section title="Reviewed">
          <Stack gap="md">
            {reviewed.map((found) => (
              <EmergencyCaseCard key={found.id} found={found} />
            ))}
          </Stack>
        </Section>
      )}
    </>
  );
}

function ToReview({ found }: { found: EmergencyCase }): ReactNode {
  const [finding, setFinding] = useState<"need" | "no-need" | null>(null);
  const review = useReview();
  const { id, requester } = found;
  const justified = finding === "need";
  return (
    <EmergencyCaseCard found={found}>
      <Group gap="sm">
        <Button variant="default" onClick={() => setFinding("need")}>
          There was need
        </Button>
        <Button variant="default" color="red.8" onClick={() => setFinding("no-need")}>
          There was no need
        </Button>
      </Group>
      {finding !== null && (
        <ConfirmSheet
          opened
          onClose={() => setFinding(null)}
          title={justified ? "There was need" : "There was no need"}
          points={
            justified
              ? [`You write down that ${requester.name} had reason to ask.`, "The patient and everybody can see it."]
              : [
                  `The licence of ${requester.name} is suspended first: from the next block on they can open and add nothing.`,
                  "Then you write down that there was no need. The patient and everybody can see it.",
                  "Your wallet asks twice.",
                ]
          }
          irreversible="A review is written down once. You can restore a licence at any time."
          cost={OWN_FEE_WORDS}
          confirmLabel={justified ? "Write it down" : "Suspend, and write it down"}
          isDanger={!justified}
          act={review}
          onConfirm={() => void review.run({ id, requester: requester.address, justified })}
        />
      )}
    </EmergencyCaseCard>
  );
}

/**
 * @module features/identity/recovery-kit-page
 * The recovery kit on one sheet of paper, and the check that the paper is right. Nothing of it is saved or sent.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconEyeOff, IconPrinter } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { Card } from "../../components/card.tsx";
import { Notice } from "../../components/notice.tsx";
import { Screen } from "../../components/screen.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { CheckStep } from "./check-step.tsx";
import { RecoveryKit } from "./recovery-kit.tsx";

type Phase = "covered" | "shown" | "checking" | "checked";

/** The page of the kit. The code is drawn only after the person says that nobody is watching. */
export function RecoveryKitPage(): ReactNode {
  const { person } = useCarekey();
  const [phase, setPhase] = useState<Phase>("covered");
  return (
    <Screen
      title="Recovery kit"
      intro={<span className="no-print">One sheet of paper that opens your records when everything else is lost.</span>}
      back={{ to: "/me", label: "Me" }}
    >
      {phase === "covered" && (
        <Card>
          <Stack gap="md">
            <Notice tone="waiting" icon={<IconEyeOff size={24} />} title="Make sure that nobody sees your screen">
              Whoever reads or photographs the code can read all your records. It stays on this device and goes to your
              printer only.
            </Notice>
            <Group>
              <Button onClick={() => setPhase("shown")}>Show the kit</Button>
            </Group>
          </Stack>
        </Card>
      )}
      {phase === "shown" && (
        <Stack gap="lg">
          <RecoveryKit seed={person.keys.seed} address={person.address} />
          <Group gap="sm" className="no-print">
            <Button leftSection={<IconPrinter size={20} aria-hidden />} onClick={() => window.print()}>
              Print
            </Button>
            <Button variant="default" onClick={() => setPhase("checking")}>
              I have it on paper: check it
            </Button>
          </Group>
        </Stack>
      )}
      {phase === "checking" && (
        <Card>
          <Stack gap="md">
            <Text>Type two groups from your paper. So you know that it can be read.</Text>
            <CheckStep
              seed={person.keys.seed}
              count={2}
              onBack={() => setPhase("shown")}
              onNext={() => setPhase("checked")}
            />
          </Stack>
        </Card>
      )}
      {phase === "checked" && (
        <Notice tone="accent" role="status" icon={<IconCircleCheck size={24} />} title="Your paper is right">
          Keep it where you keep your passport. Older sheets with the same code work too.
        </Notice>
      )}
    </Screen>
  );
}

/**
 * @module app/emergency-banner
 * A request for emergency access that runs, above every screen of everybody concerned: one press stops it.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconAmbulance } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { isRunning, type EmergencyCase } from "@carekey/sdk/client";
import { ActStatus } from "../components/act.tsx";
import { Notice } from "../components/notice.tsx";
import { useCarekey } from "../lib/carekey.tsx";
import { phaseSentence } from "../lib/emergency-words.ts";
import { useEmergencies, useStopEmergency } from "../lib/emergency.ts";
import classes from "./layout.module.css";

/** One banner per request; nothing most of the time. */
export function EmergencyBanner(): ReactNode {
  const { role } = useCarekey();
  const emergencies = useEmergencies();
  const running = (emergencies.data ?? []).filter(({ phase }) => isRunning(phase));
  const stoppable = running.filter((found) => found.role === "patient" || found.role === "contact");
  const asking = running.filter(({ isAsked, phase }) => role === "clinician" && isAsked && phase === "asked");
  if (stoppable.length + asking.length === 0) return null;
  return (
    <div className={classes.banner}>
      <Stack gap="sm">
        {stoppable.map((found) => (
          <Stoppable key={found.id} found={found} isPatientHere={role === "patient"} />
        ))}
        {asking.map((found) => (
          <Asking key={found.id} found={found} />
        ))}
      </Stack>
    </div>
  );
}

function Stoppable({ found, isPatientHere }: { found: EmergencyCase; isPatientHere: boolean }): ReactNode {
  const stop = useStopEmergency();
  const what = found.role === "patient" ? "your emergency records" : `the emergency records of ${found.patientName}`;
  return (
    <Notice
      tone="danger"
      role="alert"
      icon={<IconAmbulance size={24} />}
      title={`${found.requester.name} asks for ${what}`}
    >
      <Stack gap="sm">
        {found.reason !== null && <Text>“{found.reason}”</Text>}
        <Text>{phaseSentence(found)}</Text>
        <Group gap="sm">
          <Button color="red.8" loading={stop.isRunning} onClick={() => void stop.run(found)}>
            Stop it now
          </Button>
          {isPatientHere && (
            <Button component={Link} to="/me/emergency" variant="default">
              See the request
            </Button>
          )}
        </Group>
        <ActStatus act={stop} />
      </Stack>
    </Notice>
  );
}

function Asking({ found }: { found: EmergencyCase }): ReactNode {
  return (
    <Notice
      tone="waiting"
      role="status"
      icon={<IconAmbulance size={24} />}
      title={`${found.requester.name} asks for your word in an emergency`}
    >
      <Stack gap="sm">
        {found.reason !== null && <Text>“{found.reason}”</Text>}
        <Group>
          <Button component={Link} to="/emergency" variant="default">
            Look at it
          </Button>
        </Group>
      </Stack>
    </Notice>
  );
}

/**
 * @module features/identity/succession/ward-request
 * Somebody who says to be a person this one guards: to be checked, waiting, to be handed the part, or done.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconHeartHandshake, IconHourglass, IconKey } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { ActStatus } from "../../../components/act.tsx";
import { Notice } from "../../../components/notice.tsx";
import { TechnicalDetails } from "../../../components/technical-details.tsx";
import { useCarekey } from "../../../lib/carekey.tsx";
import { useHandOver } from "./hooks.ts";
import { VouchSheet, type WardRequestProps } from "./vouch-sheet.tsx";
import { claimSentence } from "./words.ts";

/** One request. */
export function WardRequestCard({ ward, request }: WardRequestProps): ReactNode {
  // Outside of what is drawn for each state: the sheet says how it ended after the state has changed.
  const [isChecking, setChecking] = useState(false);
  return (
    <>
      {request.isTied ? (
        <HandOver ward={ward} request={request} />
      ) : request.hasVouched ? (
        <Confirmed ward={ward} request={request} />
      ) : (
        <Asks ward={ward} request={request} onCheck={() => setChecking(true)} />
      )}
      {isChecking && <VouchSheet ward={ward} request={request} onClose={() => setChecking(false)} />}
    </>
  );
}

function Asks({ ward, request, onCheck }: WardRequestProps & { onCheck: () => void }): ReactNode {
  const { carekey } = useCarekey();
  return (
    <Notice
      tone="waiting"
      icon={<IconHeartHandshake size={24} />}
      title={`Somebody says: I am ${ward.name}, with a new wallet`}
    >
      <Stack gap="sm">
        {request.words !== null && request.words !== "" && <Text>“{request.words}”</Text>}
        {request.claim.vouchers > 0 && (
          <Text>{claimSentence(request.claim, ward.threshold, { now: carekey.now() })}</Text>
        )}
        <Text>Anybody can write this. Find out who it is before you confirm.</Text>
        <Group>
          <Button onClick={onCheck}>Check who it is</Button>
        </Group>
        <TechnicalDetails facts={[{ label: "New wallet", value: request.successor, copy: request.successor }]} />
      </Stack>
    </Notice>
  );
}

function Confirmed({ ward, request }: WardRequestProps): ReactNode {
  const { carekey } = useCarekey();
  return (
    <Notice tone="accent" icon={<IconHourglass size={24} />} title={`You confirmed the new wallet of ${ward.name}`}>
      {claimSentence(request.claim, ward.threshold, { now: carekey.now() })} You still hold your part. When {ward.name}{" "}
      has gone on with the new wallet, you are asked here to hand it over.
    </Notice>
  );
}

function HandOver({ ward, request }: WardRequestProps): ReactNode {
  const act = useHandOver(ward);
  if (request.hasHandedOver) {
    return (
      <Notice
        tone="accent"
        role="status"
        icon={<IconCircleCheck size={24} />}
        title={`You handed over your part to ${ward.name}`}
      >
        There is nothing more to do.
      </Notice>
    );
  }
  return (
    <Notice tone="waiting" icon={<IconKey size={24} />} title={`${ward.name} has a new wallet and waits for your part`}>
      <Stack gap="sm">
        <Text>
          Two guardians confirmed it and nobody objected in time. Your part is sealed for the new wallet; with the part
          of another guardian it opens the records of {ward.name} there.
        </Text>
        <Group>
          <Button loading={act.isRunning} onClick={() => void act.run(request.successor)}>
            Hand over my part
          </Button>
        </Group>
        <ActStatus act={act} />
      </Stack>
    </Notice>
  );
}

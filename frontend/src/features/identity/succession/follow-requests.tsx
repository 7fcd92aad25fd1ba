/**
 * @module features/identity/succession/follow-requests
 * New wallets that ask this one to hand over: compared by their digits, then named, for ever.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconWallet } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { FollowRequest } from "@carekey/sdk/client";
import { ConfirmSheet } from "../../../components/confirm-sheet.tsx";
import { Fingerprint } from "../../../components/fingerprint.tsx";
import { KeyNotice } from "../../../components/key-status.tsx";
import { Notice } from "../../../components/notice.tsx";
import { QueryStates } from "../../../components/query-states.tsx";
import { formatDateTime } from "../../../lib/format.ts";
import { isTrusted } from "../../../lib/trusted-key.ts";
import { useFollowRequests, useNameSuccessor } from "./hooks.ts";

/** Every request; nothing while there is none. */
export function FollowRequests(): ReactNode {
  const requests = useFollowRequests();
  const [chosen, setChosen] = useState<FollowRequest | null>(null);
  return (
    <QueryStates query={requests} label="Looking for new wallets that ask">
      {(all) => (
        <>
          {all.map((request) => (
            <Notice
              key={request.successor}
              tone="waiting"
              icon={<IconWallet size={24} />}
              title="A new wallet asks to go on from this one"
            >
              <Stack gap="sm">
                {request.words !== "" && <Text>“{request.words}”</Text>}
                <Text>
                  Asked {formatDateTime(request.sentAt)}. Anybody can ask. If this is not you, leave it: nothing
                  happens.
                </Text>
                <KeyNotice profile={request.profile} />
                <Group>
                  <Button disabled={!isTrusted(request.profile)} onClick={() => setChosen(request)}>
                    That is me: hand over
                  </Button>
                </Group>
              </Stack>
            </Notice>
          ))}
          {chosen !== null && <HandOverSheet request={chosen} onClose={() => setChosen(null)} />}
        </>
      )}
    </QueryStates>
  );
}

function HandOverSheet({ request, onClose }: { request: FollowRequest; onClose: () => void }): ReactNode {
  const act = useNameSuccessor();
  return (
    <ConfirmSheet
      opened
      onClose={onClose}
      title="Hand over to your new wallet"
      points={[
        "Compare the digits below with those on the new wallet’s screen. They must be the same.",
        "All keys of your records go to the new wallet, sealed. Your doctors see that both are yours.",
        "Entries that wait for you stay here, and what you share now goes on until it ends. Decide and stop what you want first.",
      ]}
      irreversible="This is for ever: no other wallet can go on from this one."
      confirmLabel="The digits are the same: hand over"
      act={act}
      onConfirm={() => void act.run(request)}
    >
      <Fingerprint value={request.profile.fingerprint} of="the new wallet" />
    </ConfirmSheet>
  );
}

/**
 * @module app/succession-banner
 * Above every screen: guardians who spoke for a new wallet of this person, which one press stops; a new wallet that asks this one; and
 * somebody who needs this person as a guardian.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconHeartHandshake, IconWallet } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { OpenClaim } from "@carekey/sdk/client";
import { ActStatus } from "../components/act.tsx";
import { Notice } from "../components/notice.tsx";
import { useFollowRequests, useObject, useOpenClaims, useWards } from "../features/identity/succession/hooks.ts";
import { isForMe } from "../features/identity/succession/words.ts";
import { formatDateTime } from "../lib/format.ts";
import classes from "./layout.module.css";

/** Nothing most of the time. */
export function SuccessionBanner(): ReactNode {
  const claims = useOpenClaims().data ?? [];
  const follows = useFollowRequests().data ?? [];
  const wards = (useWards().data ?? []).filter(({ requests }) => requests.some(isForMe));
  if (claims.length + follows.length + wards.length === 0) return null;
  return (
    <div className={classes.banner}>
      <Stack gap="sm">
        {claims.length > 0 && <Stoppable claims={claims} />}
        {follows.length > 0 && (
          <Asking
            icon={<IconWallet size={24} />}
            title="A new wallet asks to go on from this one"
            text="If that is you, hand over your records to it. If not, leave it: nothing happens."
            to="/me/new-wallet"
          />
        )}
        {wards.map(({ patient, name }) => (
          <Asking
            key={patient}
            icon={<IconHeartHandshake size={24} />}
            title={`${name} may need you as a guardian`}
            text="Somebody says to have lost the wallet. Find out who it is before you do anything."
            to="/me/guardian-of"
          />
        ))}
      </Stack>
    </div>
  );
}

function Stoppable({ claims }: { claims: readonly OpenClaim[] }): ReactNode {
  const object = useObject();
  const readyFrom = Math.min(...claims.map((claim) => (claim.readyFrom === 0 ? Infinity : claim.readyFrom)));
  return (
    <Notice
      tone="danger"
      role="alert"
      icon={<IconAlertTriangle size={24} />}
      title="Your guardians say that you have lost this wallet"
    >
      <Stack gap="sm">
        <Text>
          They spoke for a new one.{" "}
          {readyFrom === Infinity
            ? "It takes one more of them. Then a waiting time begins."
            : `From ${formatDateTime(readyFrom)} on, it can take over your records.`}{" "}
          If that is not you, stop it, and call your guardians.
        </Text>
        <Group gap="sm">
          <Button color="red.8" loading={object.isRunning} onClick={() => void object.run()}>
            Stop it now
          </Button>
          <Button component={Link} to="/me/guardians" variant="default">
            See your guardians
          </Button>
        </Group>
        <ActStatus act={object} />
      </Stack>
    </Notice>
  );
}

type AskingProps = { icon: ReactNode; title: string; text: string; to: string };

function Asking({ icon, title, text, to }: AskingProps): ReactNode {
  return (
    <Notice tone="waiting" role="status" icon={icon} title={title}>
      <Stack gap="sm">
        <Text>{text}</Text>
        <Group>
          <Button component={Link} to={to} variant="default">
            Look at it
          </Button>
        </Group>
      </Stack>
    </Notice>
  );
}

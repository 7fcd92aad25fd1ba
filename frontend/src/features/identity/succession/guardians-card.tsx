/**
 * @module features/identity/succession/guardians-card
 * Whether there are guardians, and the way to name them.
 */
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconHourglass, IconUsersGroup } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { OwnGuardians } from "@carekey/sdk/client";
import { Card } from "../../../components/card.tsx";
import { Notice } from "../../../components/notice.tsx";
import { QueryStates } from "../../../components/query-states.tsx";
import { formatList } from "../../../lib/format.ts";
import { useOpenClaims, useOwnGuardians } from "./hooks.ts";

/** The card under Me. */
export function GuardiansCard(): ReactNode {
  const guardians = useOwnGuardians();
  return (
    <QueryStates query={guardians} label="Looking up your guardians">
      {(own) => (
        <Card>
          <Stack gap="md">
            <Text>If you lose this wallet, two of three people you trust can bring your records to a new one.</Text>
            <Standing own={own} />
            <Group>
              <Button component={Link} to="/me/guardians" variant="default">
                {own.count === 0 ? "Name guardians" : "See your guardians"}
              </Button>
            </Group>
          </Stack>
        </Card>
      )}
    </QueryStates>
  );
}

/** Whether guardians are named, and whether they could help. */
export function Standing({ own }: { own: OwnGuardians }): ReactNode {
  const claims = useOpenClaims().data ?? own.claims;
  if (claims.length > 0) {
    return (
      <Notice
        tone="danger"
        icon={<IconAlertTriangle size={24} />}
        title="Guardians have spoken for a new wallet of yours"
      >
        If that is not you, stop it.
      </Notice>
    );
  }
  if (own.count === 0) {
    return (
      <Notice icon={<IconUsersGroup size={24} />} title="You have no guardians">
        Without them nobody can help when the wallet is gone.
      </Notice>
    );
  }
  if (!own.isCurrent) {
    return (
      <Notice tone="waiting" icon={<IconHourglass size={24} />} title="Name your guardians again">
        They hold parts of your earlier keys only. With those they cannot bring over what you added since.
      </Notice>
    );
  }
  return (
    <Notice tone="accent" icon={<IconUsersGroup size={24} />} title="Your guardians are named">
      {own.guardians === null
        ? `There are ${own.count}. This device does not know their names.`
        : `${formatList(own.guardians.map(({ name }) => name))}.`}
    </Notice>
  );
}

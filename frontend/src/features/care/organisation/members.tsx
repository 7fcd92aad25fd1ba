/**
 * @module features/care/organisation/members
 * Who works for the organisation and until when; adding somebody, and ending a membership.
 */
import { Button, Stack, Text } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { Membership } from "@carekey/sdk/client";
import { Card, Section } from "../../../components/card.tsx";
import { ConfirmSheet } from "../../../components/confirm-sheet.tsx";
import { PersonName } from "../../../components/person-name.tsx";
import { QueryStates } from "../../../components/query-states.tsx";
import { formatDate } from "../../../lib/format.ts";
import { AddMemberSheet } from "./add-member-sheet.tsx";
import { useAttest, useMembers } from "./hooks.ts";
import classes from "../care.module.css";

/** The section. `canAct`: the registrar has verified the organisation. */
export function Members({ canAct }: { canAct: boolean }): ReactNode {
  const members = useMembers();
  const [isAdding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Membership | null>(null);
  const add = canAct && (
    <Button leftSection={<IconUserPlus size={20} aria-hidden />} onClick={() => setAdding(true)}>
      Add a member
    </Button>
  );
  return (
    <Section title="Members" action={add}>
      <QueryStates
        query={members}
        label="Looking up who works for you"
        empty={{
          drawing: "sharing",
          title: "Nobody yet",
          text: "Add the people who work for you. A patient can then share with them as your member.",
        }}
      >
        {(all) => (
          <Card>
            <Stack gap="md">
              {all.map((membership) => (
                <div key={membership.member.address} className={classes.row}>
                  <div className={classes.words}>
                    <PersonName address={membership.member.address} profile={membership.member} variant="line" />
                    <Text c="dimmed">
                      {membership.isCurrent ? "Until" : "Ended on"} {formatDate(membership.validUntil)}
                    </Text>
                  </div>
                  {canAct && (
                    <Button
                      variant="default"
                      aria-label={`End the membership of ${membership.member.name}`}
                      onClick={() => setLeaving(membership)}
                    >
                      End
                    </Button>
                  )}
                </div>
              ))}
            </Stack>
          </Card>
        )}
      </QueryStates>
      {isAdding && <AddMemberSheet onClose={() => setAdding(false)} />}
      {leaving !== null && <EndSheet membership={leaving} onClose={() => setLeaving(null)} />}
    </Section>
  );
}

function EndSheet({ membership: { member }, onClose }: { membership: Membership; onClose: () => void }): ReactNode {
  const attest = useAttest();
  return (
    <ConfirmSheet
      opened
      onClose={onClose}
      title={`End the membership of ${member.name}`}
      points={[
        `From the next view on, ${member.name} can open nothing that patients shared with them as your member.`,
        "What patients shared with them as a person is not touched.",
        "Your wallet asks once.",
      ]}
      confirmLabel="End the membership"
      isDanger
      act={attest}
      onConfirm={() => void attest.run({ member, validUntil: 0 })}
    />
  );
}

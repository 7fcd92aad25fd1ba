/**
 * @module features/identity/identifiers-card
 * Numbers that organisations gave to this person, and showing one of them to somebody.
 */
import { Badge, Button, CopyButton, Group, Stack, Text, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { encodeOpening, listIdentifiers, sameAddress, type ResolvedIdentifier } from "@carekey/sdk/client";
import { Card } from "../../components/card.tsx";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { QrCode } from "../../components/qr-code.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { queryKeys } from "../../lib/query-keys.ts";

/** The card. */
export function IdentifiersCard(): ReactNode {
  const { carekey, person } = useCarekey();
  const [shown, setShown] = useState<ResolvedIdentifier | null>(null);
  const identifiers = useQuery({
    queryKey: queryKeys.identifiers(person.address),
    queryFn: () => listIdentifiers(carekey, person),
  });
  return (
    <Card>
      <QueryStates query={identifiers} label="Looking up your numbers" isEmpty={() => false}>
        {(all) =>
          all.length === 0 ? (
            <Text c="dimmed">
              None yet. Your hospital or insurer can link your number to this account; then you can prove it to others.
            </Text>
          ) : (
            <Stack gap="md">
              {all.map((id) => (
                <Group key={id.opening.secret} justify="space-between" gap="sm">
                  <div>
                    <Text fw={600}>
                      {id.opening.kind} {id.opening.value}
                    </Text>
                    <Text c="dimmed">
                      From {id.issuer.name}
                      {!id.isVouchedFor && ", who is not verified now"}
                    </Text>
                  </div>
                  {id.account !== null && sameAddress(id.account, person.address) ? (
                    <Button
                      variant="default"
                      aria-label={`Show it: ${id.opening.kind} ${id.opening.value}`}
                      onClick={() => setShown(id)}
                    >
                      Show it
                    </Button>
                  ) : (
                    <Badge c="var(--mantine-color-text)" color="gray">
                      No longer linked
                    </Badge>
                  )}
                </Group>
              ))}
            </Stack>
          )
        }
      </QueryStates>
      {shown !== null && <ShowSheet identifier={shown} onClose={() => setShown(null)} />}
    </Card>
  );
}

function ShowSheet({ identifier, onClose }: { identifier: ResolvedIdentifier; onClose: () => void }): ReactNode {
  const { opening, issuer } = identifier;
  const text = encodeOpening(opening);
  return (
    <Sheet opened onClose={onClose} title={`${opening.kind} ${opening.value}`}>
      <Stack>
        <Text>
          Let somebody scan this, or send them the text. They see this number, that {issuer.name} gave it to you, and
          your account. They can show it to others, so show it only to those who need it.
        </Text>
        <QrCode value={text} label={`Code for ${opening.kind} ${opening.value}`} size={240} />
        <Textarea label="The same as text" readOnly autosize value={text} />
        <Group gap="sm">
          <CopyButton value={text}>
            {({ copied, copy }) => <Button onClick={copy}>{copied ? "Copied" : "Copy the text"}</Button>}
          </CopyButton>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </Group>
      </Stack>
    </Sheet>
  );
}

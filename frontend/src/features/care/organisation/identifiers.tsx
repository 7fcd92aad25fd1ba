/**
 * @module features/care/organisation/identifiers
 * Numbers that the organisation gave to patients, tied to their accounts. Only the patient and the organisation know them.
 */
import { Badge, Button, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconId } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { Address } from "@carekey/sdk/bytes";
import { IDENTIFIER_KINDS, type ResolvedIdentifier } from "@carekey/sdk/client";
import { ActStatus } from "../../../components/act.tsx";
import { BeforeSigning } from "../../../components/before-signing.tsx";
import { Card, Section } from "../../../components/card.tsx";
import { ConfirmSheet, Sheet } from "../../../components/confirm-sheet.tsx";
import { QueryStates } from "../../../components/query-states.tsx";
import { formatAddress } from "../../../lib/format.ts";
import { useIssuedIdentifiers, useLinkIdentifier, useUnlinkIdentifier } from "./hooks.ts";
import classes from "../care.module.css";

const MAX_VALUE = 80;

/** The section. `canAct`: the registrar has verified the organisation. */
export function Identifiers({ canAct }: { canAct: boolean }): ReactNode {
  const issued = useIssuedIdentifiers();
  const [isLinking, setLinking] = useState(false);
  const [removing, setRemoving] = useState<ResolvedIdentifier | null>(null);
  const link = canAct && (
    <Button variant="default" leftSection={<IconId size={20} aria-hidden />} onClick={() => setLinking(true)}>
      Link a number
    </Button>
  );
  return (
    <Section title="Numbers you gave out" action={link}>
      <QueryStates
        query={issued}
        label="Looking up the numbers"
        empty={{
          drawing: "inbox",
          title: "None yet",
          text: "Tie a patient’s number to their account. They can then prove it to others.",
        }}
      >
        {(all) => (
          <Card>
            <Stack gap="md">
              {all.map((id) => (
                <div key={id.opening.secret} className={classes.row}>
                  <div className={classes.words}>
                    <Text fw={600}>
                      {id.opening.kind} {id.opening.value}
                    </Text>
                    <Text c="dimmed">For the account {formatAddress(id.patient)}</Text>
                  </div>
                  {id.account === null ? (
                    <Badge c="var(--mantine-color-text)" color="gray">
                      Leads nowhere
                    </Badge>
                  ) : (
                    canAct && (
                      <Button
                        variant="default"
                        aria-label={`Remove ${id.opening.kind} ${id.opening.value}`}
                        onClick={() => setRemoving(id)}
                      >
                        Remove
                      </Button>
                    )
                  )}
                </div>
              ))}
            </Stack>
          </Card>
        )}
      </QueryStates>
      {isLinking && <LinkSheet onClose={() => setLinking(false)} />}
      {removing !== null && <RemoveSheet id={removing} onClose={() => setRemoving(null)} />}
    </Section>
  );
}

function LinkSheet({ onClose }: { onClose: () => void }): ReactNode {
  const link = useLinkIdentifier();
  const [patient, setPatient] = useState("");
  const [kind, setKind] = useState<string>(IDENTIFIER_KINDS[0]);
  const [value, setValue] = useState("");
  const isComplete = /^0x[0-9a-fA-F]{40}$/.test(patient.trim()) && value.trim() !== "";
  const close = () => {
    if (!link.isRunning) onClose();
  };
  return (
    <Sheet opened onClose={close} title="Link a number" isBusy={link.isRunning}>
      {link.status === "done" ? (
        <Stack>
          <ActStatus act={link} />
          <Button onClick={close}>Close</Button>
        </Stack>
      ) : (
        <Stack>
          <TextInput
            label="Patient’s address"
            description="The patient finds it under Me, in the technical details"
            autoComplete="off"
            spellCheck={false}
            value={patient}
            onChange={(event) => setPatient(event.currentTarget.value)}
          />
          <NativeSelect
            label="What kind of number?"
            data={[...IDENTIFIER_KINDS]}
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value)}
          />
          <TextInput
            label="The number"
            autoComplete="off"
            maxLength={MAX_VALUE}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          <BeforeSigning
            title="What will happen"
            points={[
              "The network shows that you linked something to this account, and not what.",
              "The patient gets the number, sealed, and shows it to whom they want.",
              "You can remove it at any time.",
            ]}
            confirmLabel="Link it"
            disabled={!isComplete}
            isRunning={link.isRunning}
            onConfirm={() => void link.run({ patient: patient.trim() as Address, kind, value })}
            onCancel={close}
          />
          <ActStatus act={link} />
        </Stack>
      )}
    </Sheet>
  );
}

function RemoveSheet({ id: { opening }, onClose }: { id: ResolvedIdentifier; onClose: () => void }): ReactNode {
  const unlink = useUnlinkIdentifier();
  return (
    <ConfirmSheet
      opened
      onClose={onClose}
      title={`Remove ${opening.kind} ${opening.value}`}
      points={["Whoever looks it up finds no account any more.", "Your wallet asks once."]}
      confirmLabel="Remove it"
      isDanger
      act={unlink}
      onConfirm={() => void unlink.run(opening)}
    />
  );
}

/**
 * @module features/care/emergency-request-form
 * Asking for emergency access: about whom, why, and which colleague confirms it. Read back before the wallet is asked.
 */
import { Button, Group, Stack, TextInput, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState, type FormEvent, type ReactNode } from "react";
import type { Address } from "@carekey/sdk/bytes";
import { MAX_EMERGENCY_REASON, type PersonProfile } from "@carekey/sdk/client";
import { Card } from "../../components/card.tsx";
import { ConfirmSheet } from "../../components/confirm-sheet.tsx";
import { Notice } from "../../components/notice.tsx";
import { OWN_FEE_WORDS } from "../../lib/fees.ts";
import { formatAddress } from "../../lib/format.ts";
import { ColleaguePicker } from "./colleague-picker.tsx";
import { useRequestEmergency } from "./emergency-hooks.ts";

/** Where the address ends in what a card's code holds. */
const ADDRESS = /0x[0-9a-fA-F]{40}$/;

/** The form. `patient`: known from a card's code, else empty. */
export function EmergencyRequestForm({ patient }: { patient: string }): ReactNode {
  const [account, setAccount] = useState(patient);
  const [reason, setReason] = useState("");
  const [colleague, setColleague] = useState<PersonProfile | null>(null);
  const [isAsked, setAsked] = useState(false);
  const [isOpen, sheet] = useDisclosure();
  const request = useRequestEmergency();
  const address = ADDRESS.exec(account.trim())?.[0] as Address | undefined;
  const problems = {
    account: address === undefined ? "Type the account on the patient’s card: 0x and 40 letters or digits." : null,
    reason: reason.trim() === "" ? "Say what happened. The patient reads it." : null,
    colleague: colleague === null ? "Choose the colleague who can confirm it." : null,
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (Object.values(problems).every((problem) => problem === null)) sheet.open();
  };
  const send = () => {
    if (address === undefined || colleague === null) return;
    void request.run({ patient: address, reason: reason.trim(), colleague: colleague.address });
  };
  return (
    <Card>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label="The patient’s account"
            description="From the emergency card: scan its code, or type the account printed below it."
            required
            autoComplete="off"
            spellCheck={false}
            value={account}
            error={isAsked ? problems.account : null}
            onChange={(event) => setAccount(event.currentTarget.value)}
          />
          <Textarea
            label="What happened, and why can the patient not be asked?"
            required
            autosize
            minRows={2}
            maxLength={MAX_EMERGENCY_REASON}
            value={reason}
            error={isAsked ? problems.reason : null}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <ColleaguePicker chosen={colleague} onChange={setColleague} />
          {isAsked && problems.colleague !== null && (
            <Notice tone="waiting" role="alert">
              {problems.colleague}
            </Notice>
          )}
          <Group>
            <Button type="submit">Read it back</Button>
          </Group>
        </Stack>
      </form>
      <ConfirmSheet
        opened={isOpen}
        onClose={sheet.close}
        title="Ask for emergency access"
        points={[
          `You say that there is an emergency, and that the patient ${formatAddress(address ?? "")} cannot be asked: “${reason.trim()}”`,
          `${colleague?.name ?? "Your colleague"} has fifteen minutes to confirm it. Then the patient’s waiting time passes.`,
          "The patient, the people the patient trusts and the registrar are told at once. Any of the patient’s side can stop it.",
          "You can then read the records that the patient chose, for three hours at most. A registrar reviews it.",
        ]}
        irreversible="Your request stays on the network for good. Use without need costs the licence."
        cost={OWN_FEE_WORDS}
        confirmLabel="Ask in your wallet"
        act={request}
        onConfirm={send}
      />
    </Card>
  );
}

/**
 * @module features/care/ask-access-sheet
 * Asks a patient for access: what, why and until when. The patient decides; nothing is visible before.
 */
import { Button, Checkbox, Stack, Text, TextInput, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { ReactNode } from "react";
import type { Address } from "@carekey/sdk/bytes";
import { SCOPES } from "@carekey/sdk/consent";
import { ActStatus } from "../../components/act.tsx";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { FormFooter } from "../../components/form-footer.tsx";
import { useRequestAccess } from "./hooks.ts";
import { PatientName } from "./patient-name.tsx";
import { isAddress } from "../../lib/address.ts";
import { dayFromNow, endOfDay, isAhead } from "../../lib/days.ts";

/** Props of {@link AskAccessSheet}; `patient` is known when asked from a chart. */
export type AskAccessSheetProps = { opened: boolean; onClose: () => void; patient?: Address; patientName?: string };

type Wish = {
  patient: string;
  scopes: string[];
  rights: string[];
  until: string;
  purpose: string;
  message: string;
};

function useWishForm(patient: Address | undefined) {
  return useForm<Wish>({
    initialValues: {
      patient: patient ?? "",
      scopes: ["general"],
      rights: ["read"],
      until: dayFromNow(90),
      purpose: "",
      message: "",
    },
    validate: {
      patient: (value) =>
        isAddress(value.trim())
          ? null
          : "Enter the patient’s address: 0x and 40 letters or digits. The patient can show it to you.",
      scopes: (scopes, { rights }) =>
        scopes.length === 0 && rights.includes("read") ? "Choose at least one part" : null,
      rights: (rights) => (rights.length === 0 ? "Choose at least one" : null),
      until: (day) => (isAhead(day) ? null : "Choose a day in the future"),
      purpose: (purpose) => (purpose.trim() === "" ? "Say why, so that the patient can decide" : null),
    },
  });
}

/** The form in a sheet. */
export function AskAccessSheet({ opened, onClose, patient, patientName }: AskAccessSheetProps): ReactNode {
  const ask = useRequestAccess();
  const form = useWishForm(patient);
  const close = () => {
    if (ask.isRunning) return;
    ask.reset();
    form.reset();
    onClose();
  };
  const send = (wish: Wish) => {
    const address = wish.patient.trim();
    const expiresAt = endOfDay(wish.until);
    if (!isAddress(address) || expiresAt === null) return;
    void ask.run({
      patient: address,
      scopes: wish.rights.includes("read") ? wish.scopes : [],
      rights: wish.rights.filter((right) => right === "read" || right === "write"),
      expiresAt,
      purpose: wish.purpose.trim(),
      message: wish.message.trim(),
    });
  };
  return (
    <Sheet opened={opened} onClose={close} title="Ask for access" isBusy={ask.isRunning}>
      {ask.status === "done" ? (
        <Stack>
          <ActStatus act={ask} />
          <Button onClick={close}>Close</Button>
        </Stack>
      ) : (
        <form onSubmit={form.onSubmit(send)} noValidate>
          <Stack>
            {patient === undefined ? (
              <TextInput
                label="Patient’s address"
                description="The patient finds it under Me, in the technical details."
                required
                autoComplete="off"
                spellCheck={false}
                {...form.getInputProps("patient")}
              />
            ) : (
              <Text>
                To <strong>{patientName ?? <PatientName address={patient} />}</strong>
              </Text>
            )}
            <WishFields form={form} />
            <FormFooter act={ask} submitLabel="Send the request" onCancel={close} />
          </Stack>
        </form>
      )}
    </Sheet>
  );
}

function WishFields({ form }: { form: ReturnType<typeof useWishForm> }): ReactNode {
  return (
    <>
      <Checkbox.Group label="What do you want to do?" {...form.getInputProps("rights")}>
        <Stack gap={0}>
          <TallCheckbox value="read" label="Read records" />
          <TallCheckbox value="write" label="Add entries (the patient approves each)" />
        </Stack>
      </Checkbox.Group>
      {form.values.rights.includes("read") && (
        <Checkbox.Group label="Which parts?" {...form.getInputProps("scopes")}>
          <Stack gap={0}>
            {SCOPES.map((scope) => (
              <TallCheckbox key={scope.name} value={scope.name} label={scope.label} description={scope.description} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      <TextInput type="date" label="Until" required {...form.getInputProps("until")} />
      <TextInput
        label="Why"
        placeholder="Follow-up after your operation"
        required
        maxLength={500}
        {...form.getInputProps("purpose")}
      />
      <Textarea
        label="A line to the patient (optional)"
        autosize
        minRows={2}
        maxLength={2000}
        {...form.getInputProps("message")}
      />
    </>
  );
}

/** A checkbox whose whole line can be touched. */
function TallCheckbox(props: { value: string; label: string; description?: string }): ReactNode {
  return <Checkbox py={8} styles={{ body: { minHeight: 28 } }} {...props} />;
}

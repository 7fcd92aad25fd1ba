/**
 * @module features/care/licence-sheet
 * The application for a licence: name, speciality, licence number, and a scan. Only the registrar can open it.
 */
import { Button, FileInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPaperclip } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { MAX_SCAN_BYTES, type OwnApplication, type PersonProfile } from "@carekey/sdk/client";
import { ActStatus } from "../../components/act.tsx";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { FormFooter } from "../../components/form-footer.tsx";
import { formatSize } from "../../lib/format.ts";
import { useApply } from "./hooks.ts";

/** Props of {@link LicenceSheet}. */
export type LicenceSheetProps = {
  opened: boolean;
  onClose: () => void;
  profile: PersonProfile;
  last: OwnApplication | null;
};

/** The form in a sheet. */
export function LicenceSheet({ opened, onClose, profile, last }: LicenceSheetProps): ReactNode {
  const apply = useApply();
  const isOrganisation = profile.identity.role === 3;
  const form = useForm({
    initialValues: {
      name: last?.name ?? profile.name,
      speciality: last?.speciality ?? profile.speciality ?? "",
      licenceNumber: last?.licenceNumber ?? "",
      scan: null as File | null,
    },
    validate: {
      name: (name) => (name.trim() === "" ? "Enter your name as it stands on the licence" : null),
      speciality: (speciality) => (speciality.trim() === "" ? "Enter your speciality" : null),
      licenceNumber: (number) => (number.trim() === "" ? "Enter the number of your licence" : null),
      scan: (scan) =>
        scan !== null && scan.size > MAX_SCAN_BYTES ? `Choose a file of at most ${formatSize(MAX_SCAN_BYTES)}` : null,
    },
  });
  const close = () => {
    if (apply.isRunning) return;
    apply.reset();
    onClose();
  };
  return (
    <Sheet opened={opened} onClose={close} title="Apply to the registrar" isBusy={apply.isRunning}>
      {apply.status === "done" ? (
        <Stack>
          <ActStatus act={apply} />
          <Button onClick={close}>Close</Button>
        </Stack>
      ) : (
        <form onSubmit={form.onSubmit((values) => void apply.run(values))} noValidate>
          <Stack>
            <Text>
              The registrar checks your {isOrganisation ? "registration" : "licence"}. What you send here is encrypted
              on this device, and only the registrar can read it.
            </Text>
            <TextInput
              label={isOrganisation ? "Registered name" : "Name on the licence"}
              required
              autoComplete={isOrganisation ? "organization" : "name"}
              {...form.getInputProps("name")}
            />
            <TextInput
              label={isOrganisation ? "What are you?" : "Speciality"}
              required
              {...form.getInputProps("speciality")}
            />
            <TextInput
              label={isOrganisation ? "Registration number" : "Licence number"}
              required
              autoComplete="off"
              spellCheck={false}
              {...form.getInputProps("licenceNumber")}
            />
            <FileInput
              label={isOrganisation ? "Scan of the registration" : "Scan or photo of the licence"}
              description={`PDF or picture, at most ${formatSize(MAX_SCAN_BYTES)}. Helps the registrar to decide.`}
              accept="application/pdf,image/*"
              placeholder="Choose a file"
              clearable
              clearButtonProps={{ "aria-label": "Remove the file" }}
              leftSection={<IconPaperclip size={20} aria-hidden />}
              {...form.getInputProps("scan")}
            />
            <FormFooter act={apply} submitLabel="Send the application" onCancel={close} />
          </Stack>
        </form>
      )}
    </Sheet>
  );
}

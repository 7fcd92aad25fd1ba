/**
 * @module features/identity/succession/guardians-sheet
 * Naming three guardians: one after another, then the waiting time, then the signature.
 */
import { Button, Group, Radio, Stack, Text, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { sameAddress, type Guardian, type PersonProfile } from "@carekey/sdk/client";
import { ActStatus } from "../../../components/act.tsx";
import { BeforeSigning } from "../../../components/before-signing.tsx";
import { Sheet } from "../../../components/confirm-sheet.tsx";
import { useCarekey } from "../../../lib/carekey.tsx";
import { formatList, formatSpan } from "../../../lib/format.ts";
import { useSetGuardians } from "./hooks.ts";
import { NOBODY, NamedPersonFields, guardianOf } from "./named-person.tsx";
import { delayChoices } from "./words.ts";

/** How many people are named; two of them must agree. */
const WANTED = 3;
const MAX_NAME = 80;

/** Props of {@link GuardiansSheet}. `leastDelay`: seconds. */
export type GuardiansSheetProps = { leastDelay: number; onClose: () => void };

/** The sheet. */
export function GuardiansSheet({ leastDelay, onClose }: GuardiansSheetProps): ReactNode {
  const act = useSetGuardians();
  const [guardians, setGuardians] = useState<readonly Guardian[]>([]);
  return (
    <Sheet opened onClose={onClose} title="Name guardians" isBusy={act.isRunning}>
      <Stack gap="lg">
        {act.status !== "done" && (
          <Chosen
            guardians={guardians}
            onRemove={(address) => setGuardians(guardians.filter((each) => each.address !== address))}
            isFixed={act.isRunning}
          />
        )}
        {act.status !== "done" && guardians.length < WANTED && (
          <AddGuardian
            key={guardians.length}
            taken={guardians}
            onAdd={(guardian) => setGuardians([...guardians, guardian])}
          />
        )}
        {guardians.length === WANTED && (
          <Confirm guardians={guardians} leastDelay={leastDelay} act={act} onClose={onClose} />
        )}
      </Stack>
    </Sheet>
  );
}

type ChosenProps = { guardians: readonly Guardian[]; onRemove: (address: string) => void; isFixed: boolean };

function Chosen({ guardians, onRemove, isFixed }: ChosenProps): ReactNode {
  return (
    <div>
      <Text fw={600}>
        {guardians.length} of {WANTED} chosen
      </Text>
      {guardians.map(({ address, name }) => (
        <Group key={address} justify="space-between" gap="xs">
          <Text>{name}</Text>
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconX size={18} aria-hidden />}
            aria-label={`Take out ${name}`}
            disabled={isFixed}
            onClick={() => onRemove(address)}
          >
            Take out
          </Button>
        </Group>
      ))}
    </div>
  );
}

type AddProps = { taken: readonly Guardian[]; onAdd: (guardian: Guardian) => void };

function AddGuardian({ taken, onAdd }: AddProps): ReactNode {
  const { person } = useCarekey();
  const [value, setValue] = useState(NOBODY);
  const guardian = guardianOf(value);
  const isFree = ({ address }: PersonProfile) =>
    !sameAddress(address, person.address) && !taken.some((each) => sameAddress(each.address, address));
  return (
    <Stack gap="md">
      <NamedPersonFields
        label={`Who is guardian ${taken.length + 1}?`}
        value={value}
        onChange={setValue}
        mayBeChosen={isFree}
      />
      {value.profile !== null && (
        <Group>
          <Button disabled={guardian === null} onClick={() => guardian !== null && onAdd(guardian)}>
            Choose {guardian?.name ?? "this person"}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

type ConfirmProps = GuardiansSheetProps & { guardians: readonly Guardian[]; act: ReturnType<typeof useSetGuardians> };

function Confirm({ guardians, leastDelay, act, onClose }: ConfirmProps): ReactNode {
  const [delay, setDelay] = useState(leastDelay);
  const [ownName, setOwnName] = useState("");
  const [isAsked, setAsked] = useState(false);
  const names = formatList(guardians.map(({ name }) => name));
  const send = () => {
    setAsked(true);
    if (ownName.trim() !== "") void act.run({ guardians, delay, ownName: ownName.trim() });
  };
  if (act.status === "done") {
    return (
      <Stack>
        <ActStatus act={act} />
        <Button onClick={onClose}>Close</Button>
      </Stack>
    );
  }
  return (
    <>
      <TextInput
        label="Your name, as they shall see it"
        required
        maxLength={MAX_NAME}
        error={isAsked && ownName.trim() === "" ? "Say who you are, or they do not know whom to help." : null}
        value={ownName}
        onChange={(event) => setOwnName(event.currentTarget.value)}
      />
      <Radio.Group
        label="How long do you want to be able to stop it?"
        description="The longer, the safer, and the longer you wait yourself when the wallet is lost."
        value={String(delay)}
        onChange={(value) => setDelay(Number(value))}
      >
        <Stack gap={0} mt={4}>
          {delayChoices(leastDelay).map((choice) => (
            <Radio key={choice} py={8} value={String(choice)} label={formatSpan(choice)} />
          ))}
        </Stack>
      </Radio.Group>
      <BeforeSigning
        title="What will happen"
        points={[
          `${names} each get one sealed part of your key. One part opens nothing.`,
          `Two of them can confirm a new wallet for you. You have ${formatSpan(delay)} to stop it.`,
          "Guardians you named before do not count any more.",
        ]}
        irreversible="A part that was handed out cannot be taken back. Two guardians together could open your records."
        confirmLabel="Name them"
        onConfirm={send}
        onCancel={onClose}
        isRunning={act.isRunning}
      />
      <ActStatus act={act} />
    </>
  );
}

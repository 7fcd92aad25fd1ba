/**
 * @module features/care/visit
 * Why this clinician looks: asked once per visit, before the first record opens, and told to the patient with each view.
 */
import { Button, Group, Radio, Stack, Text, TextInput } from "@mantine/core";
import { IconMessageCircle } from "@tabler/icons-react";
import { useState, type FormEvent, type ReactNode } from "react";
import { Sheet } from "../../components/confirm-sheet.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import classes from "./care.module.css";

const AT_WORK = ["Appointment today", "Follow-up", "Reviewing results", "Renewing a prescription"];
const IN_THE_FAMILY = ["They asked me to look", "To help them with their care"];
const OTHER = "other";
/** Longest reason, in characters: what the sealed part of a request holds. */
const MAX_REASON = 300;

/** The reason of this visit, with the way to end it. */
export function VisitLine({ reason, name, onEnd }: { reason: string; name: string; onEnd: () => void }): ReactNode {
  return (
    <div className={classes.row}>
      <IconMessageCircle size={22} aria-hidden />
      <Text className={classes.words}>
        You look because: <strong>{reason}</strong>. {name} sees this with each record you open.
      </Text>
      <Button variant="default" onClick={onEnd}>
        End this visit
      </Button>
    </div>
  );
}

/** Props of {@link VisitSheet}. */
export type VisitSheetProps = {
  opened: boolean;
  name: string;
  onClose: () => void;
  onAnswer: (reason: string) => void;
};

/** The question. */
export function VisitSheet({ opened, name, onClose, onAnswer }: VisitSheetProps): ReactNode {
  const usual = useCarekey().role === "patient" ? IN_THE_FAMILY : AT_WORK;
  const [choice, setChoice] = useState(usual[0]!);
  const [words, setWords] = useState("");
  const [isEmpty, setEmpty] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const reason = (choice === OTHER ? words : choice).trim();
    setEmpty(reason === "");
    if (reason !== "") onAnswer(reason);
  };
  return (
    <Sheet opened={opened} onClose={onClose} title="Why are you looking?">
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text>
            {name} sees your name, the time and this reason for each record you open. You are asked once per visit.
          </Text>
          <Radio.Group label="Reason" value={choice} onChange={setChoice}>
            <Stack gap={0} mt={4}>
              {usual.map((reason) => (
                <Radio key={reason} py={10} value={reason} label={reason} />
              ))}
              <Radio py={10} value={OTHER} label="Another reason" />
            </Stack>
          </Radio.Group>
          {choice === OTHER && (
            <TextInput
              label="In your words"
              required
              data-autofocus
              maxLength={MAX_REASON}
              value={words}
              error={isEmpty ? "Write a few words" : null}
              onChange={(event) => setWords(event.currentTarget.value)}
            />
          )}
          <Text c="dimmed">
            Your wallet asks you once to confirm that this tab may ask the keepers for you. It costs nothing and ends by
            itself after four hours.
          </Text>
          <Group>
            <Button type="submit">Open the records</Button>
            <Button variant="default" onClick={onClose}>
              Not now
            </Button>
          </Group>
        </Stack>
      </form>
    </Sheet>
  );
}

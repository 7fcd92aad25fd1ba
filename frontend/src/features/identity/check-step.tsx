/**
 * @module features/identity/check-step
 * Some groups of the code, typed from the paper: proof that it was kept and can be read.
 */
import { Anchor, Button, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { codeGroups, matchesGroup, pickPositions } from "./recovery-code.ts";

/** Props of {@link CheckStep}. */
export type CheckStepProps = {
  seed: Uint8Array;
  /** How many groups to ask for. */
  count?: number;
  onBack: () => void;
  onNext: () => void;
};

/** Asks for groups of the code. */
export function CheckStep({ seed, count = 3, onBack, onNext }: CheckStepProps): ReactNode {
  const groups = codeGroups(seed);
  const [positions] = useState(() => pickPositions(groups.length, count, Math.random));
  const [typed, setTyped] = useState<Record<number, string>>({});
  const [isChecked, setChecked] = useState(false);
  const wrong = positions.filter((position) => !matchesGroup(typed[position] ?? "", groups[position]!));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (wrong.length === 0) onNext();
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack gap="md">
        {positions.map((position) => (
          <TextInput
            key={position}
            label={`Group ${position + 1}`}
            maxLength={8}
            spellCheck={false}
            autoCapitalize="characters"
            value={typed[position] ?? ""}
            onChange={(event) => setTyped({ ...typed, [position]: event.currentTarget.value })}
            error={
              isChecked && wrong.includes(position)
                ? `This is not group ${position + 1}. Look at your paper again.`
                : null
            }
          />
        ))}
        <Button type="submit">Check</Button>
        <Anchor component="button" type="button" onClick={onBack}>
          Show the code again
        </Anchor>
      </Stack>
    </form>
  );
}

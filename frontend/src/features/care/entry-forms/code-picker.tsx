/**
 * @module features/care/entry-forms/code-picker
 * Finds a code by everyday words while typing. Whatever is typed may also stand as it is, without a code.
 */
import { Combobox, Text, TextInput, useCombobox } from "@mantine/core";
import type { ReactNode } from "react";
import { searchCodes, type CodeChoice, type CodeEntry, type CodeSystemUri } from "@carekey/sdk/fhir";
import classes from "../care.module.css";

/** Props of {@link CodePicker}. */
export type CodePickerProps = {
  system: CodeSystemUri;
  label: string;
  placeholder?: string;
  value: CodeChoice;
  onChange: (choice: CodeChoice) => void;
  error?: ReactNode;
};

/** A text field with suggestions. */
export function CodePicker({ system, label, placeholder, value, onChange, error }: CodePickerProps): ReactNode {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const found = searchCodes(system, value.entry === undefined ? value.text : "", 5);
  const choose = (code: string) => {
    const entry = found.find((each) => each.code === code);
    if (entry !== undefined) onChange({ text: entry.display, entry });
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={choose} withinPortal={false}>
      <Combobox.Target>
        <TextInput
          label={label}
          placeholder={placeholder}
          required
          autoComplete="off"
          value={value.text}
          error={error}
          description={value.entry === undefined ? undefined : `Code ${value.entry.code}`}
          inputWrapperOrder={["label", "input", "description", "error"]}
          onChange={(event) => {
            onChange({ text: event.currentTarget.value });
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onFocus={() => combobox.openDropdown()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={found.length === 0 || value.entry !== undefined}>
        <Combobox.Options aria-label={label}>
          {found.map((entry) => (
            <Combobox.Option key={entry.code} value={entry.code}>
              <Suggestion entry={entry} />
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Suggestion({ entry }: { entry: CodeEntry }): ReactNode {
  return (
    <>
      <Text>
        {entry.display} <span className={classes.code}>{entry.code}</span>
      </Text>
      <Text className={classes.dimmed}>{entry.synonyms.slice(0, 3).join(", ")}</Text>
    </>
  );
}

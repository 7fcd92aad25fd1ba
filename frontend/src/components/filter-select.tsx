/**
 * @module components/filter-select
 * One choice among the filters of a list, where choosing nothing lets everything through.
 */
import { NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";

/** Props of {@link FilterSelect}. */
export type FilterSelectProps<Value extends string> = {
  label: string;
  /** What choosing nothing is called, such as "Everybody". */
  anyLabel: string;
  value: Value | null;
  choices: readonly { value: Value; label: string }[];
  onChange: (value: Value | null) => void;
};

/** A list of choices, the first of which is none. */
export function FilterSelect<Value extends string>(props: FilterSelectProps<Value>): ReactNode {
  const { label, anyLabel, value, choices, onChange } = props;
  return (
    <NativeSelect
      label={label}
      value={value ?? ""}
      onChange={({ currentTarget }) =>
        onChange(choices.find((each) => each.value === currentTarget.value)?.value ?? null)
      }
      data={[{ value: "", label: anyLabel }, ...choices]}
    />
  );
}

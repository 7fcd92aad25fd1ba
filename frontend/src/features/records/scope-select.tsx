/**
 * @module features/records/scope-select
 * Which part of the chart a record is filed under: the parts that a person shares as one.
 */
import { NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { SCOPES } from "@carekey/sdk/consent";

/** The plain name of a scope; the name itself for one that this build does not know. */
export function scopeLabel(name: string | null): string {
  return SCOPES.find((scope) => scope.name === name)?.label ?? name ?? "nothing yet";
}

/** Props of {@link ScopeSelect}. */
export type ScopeSelectProps = {
  label: string;
  value: string;
  onChange: (scope: string) => void;
  description?: string;
  disabled?: boolean;
};

/** A choice of one scope, drawn by the phone itself. */
export function ScopeSelect({ label, value, onChange, description, disabled }: ScopeSelectProps): ReactNode {
  return (
    <NativeSelect
      label={label}
      description={description}
      value={value}
      disabled={disabled}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={SCOPES.map((scope) => ({ value: scope.name, label: scope.label }))}
    />
  );
}

/**
 * @module components/fingerprint
 * Groups of digits that two people compare aloud, to be sure that they hold each other's true keys.
 */
import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./fingerprint.module.css";

/** Props of {@link Fingerprint}. */
export type FingerprintProps = { value: string; of?: string };

/** A fingerprint, laid out for reading aloud. */
export function Fingerprint({ value, of }: FingerprintProps): ReactNode {
  if (value === "") return <Text c="dimmed">There is no fingerprint to compare.</Text>;
  return (
    <div role="group" className={classes.digits} aria-label={of === undefined ? "Fingerprint" : `Fingerprint of ${of}`}>
      {value.split(/\s+/).map((group, index) => (
        <span key={index}>{group} </span>
      ))}
    </div>
  );
}

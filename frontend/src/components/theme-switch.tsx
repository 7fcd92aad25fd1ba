/**
 * @module components/theme-switch
 * Light, dark, or as the device has it.
 */
import { SegmentedControl, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import type { ReactNode } from "react";

const choices: { value: MantineColorScheme; label: string }[] = [
  { value: "auto", label: "Device" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** Chooses the colour scheme; remembered in this browser. */
export function ThemeSwitch(): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return (
    <SegmentedControl
      aria-label="Appearance"
      fullWidth
      maw={420}
      data={choices}
      value={colorScheme}
      onChange={(value) => setColorScheme(value)}
    />
  );
}

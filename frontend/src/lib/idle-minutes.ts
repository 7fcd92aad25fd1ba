/**
 * @module lib/idle-minutes
 * After how many idle minutes Carekey locks in this browser: the person's choice, remembered here.
 */
import { useLocalStorage } from "@mantine/hooks";

/** What can be chosen, minutes. */
export const IDLE_CHOICES = [2, 5, 10, 15, 30] as const;
const USUAL = 10;

/** The choice, and how to change it. Anything else that is stored counts as the usual ten. */
export function useIdleMinutes(): [number, (minutes: number) => void] {
  const [minutes, setMinutes] = useLocalStorage<number>({
    key: "carekey-idle-minutes",
    defaultValue: USUAL,
    getInitialValueInEffect: false,
    deserialize: (text) => IDLE_CHOICES.find((choice) => String(choice) === text) ?? USUAL,
  });
  return [minutes, setMinutes];
}

/**
 * @module components/toast
 * A short confirmation in the corner, for outcomes that need no place on the screen.
 */
import { notifications } from "@mantine/notifications";

/** Shows `text` for six seconds, as a status and not as an alert. */
export function toast(text: string): void {
  notifications.show({ message: text, autoClose: 6_000, role: "status", color: "teal" });
}

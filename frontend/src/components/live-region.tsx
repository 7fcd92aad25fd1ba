/**
 * @module components/live-region
 * The one polite live region of the app.
 */
import { VisuallyHidden } from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";
import { onAnnouncement } from "../lib/announce.ts";

/** Speaks what {@link announce} is given. The counter makes an equal sentence a new one. */
export function LiveRegion(): ReactNode {
  const [said, setSaid] = useState({ text: "", count: 0 });
  useEffect(() => onAnnouncement((text) => setSaid(({ count }) => ({ text, count: count + 1 }))), []);
  return (
    <VisuallyHidden role="status" aria-live="polite" data-testid="announcements">
      <span key={said.count}>{said.text}</span>
    </VisuallyHidden>
  );
}

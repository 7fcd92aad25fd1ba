/**
 * @module features/consent/last-viewed
 * Asks once for the signature that opens the access log, so that cards can say when something was last looked at, and how many
 * views of a limit are left.
 */
import { Button } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { ConfirmSheet } from "../../components/confirm-sheet.tsx";
import { useAccessLog } from "../../lib/access-log.ts";

/** The button; nothing once the log is open. */
export function LastViewed(): ReactNode {
  const { isOpen, open } = useAccessLog();
  const [isAsking, setIsAsking] = useState(false);
  if (isOpen && !isAsking) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconEye size={20} aria-hidden />} onClick={() => setIsAsking(true)}>
        Show last views
      </Button>
      <ConfirmSheet
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title="Open your access log"
        points={[
          "The keepers show you each time somebody opened a record of yours: who, which one, when and why.",
          "Where you set a limit of views, they say how many are left.",
          "They show it to you alone, so they ask for your signature. It is good for this tab, for four hours at most.",
          "It costs nothing and shares nothing.",
        ]}
        confirmLabel="Sign in my wallet"
        act={open}
        onConfirm={() => void open.run()}
      />
    </>
  );
}

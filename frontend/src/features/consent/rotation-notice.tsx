/**
 * @module features/consent/rotation-notice
 * Says that new entries get a new key after sharing ended: while it is done, and when it waits for the person.
 */
import { Button, Loader, Text } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { SCOPES } from "@carekey/sdk/consent";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { isRefusal } from "../../lib/error-sentences.ts";
import { formatList } from "../../lib/format.ts";
import { useRotation } from "./use-rotation.ts";

/** The notice; nothing while nothing is due. */
export function RotationNotice(): ReactNode {
  const { due, isRunning, error, start } = useRotation();
  if (isRunning) {
    return (
      <Notice role="status" icon={<Loader size={22} />} title="New entries get a new key">
        <Text>Confirm it in your wallet. You can go on meanwhile; those who still read notice nothing.</Text>
      </Notice>
    );
  }
  if (due.length === 0) return null;
  const parts = formatList(due.map((scope) => SCOPES.find(({ name }) => name === scope)?.label ?? scope));
  return (
    <>
      {error !== null && !isRefusal(error) && <ErrorNotice error={error} />}
      <Notice icon={<IconKey size={24} />} title={`A new key for ${parts} waits for you`}>
        <Text>
          Whoever you no longer share with can open nothing more. With a new key their old one does not even find new
          entries. It is also done by itself with your next entry.
        </Text>
        <Button variant="default" mt="xs" onClick={start}>
          Make the new key
        </Button>
      </Notice>
    </>
  );
}

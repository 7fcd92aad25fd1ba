/**
 * @module features/consent/one-record
 * The one record that a consent is for, by its title, which only this device knows.
 */
import { Anchor, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Hex } from "@carekey/sdk/bytes";
import { useOwnRecordTitles } from "./hooks.ts";

/** A link to the record; nothing until the records are open. */
export function OneRecord({ pointer }: { pointer: Hex }): ReactNode {
  const records = useOwnRecordTitles();
  const record = records.data?.find((each) => each.pointer === pointer);
  if (record === undefined) return null;
  return (
    <Text>
      <Anchor component={Link} to={`/records/${record.entryId}`}>
        {record.title}
      </Anchor>
      , this version only
    </Text>
  );
}

/**
 * @module features/records/author-name
 * Who wrote an entry: "you", or the name of the other person.
 */
import type { ReactNode } from "react";
import type { Address } from "@carekey/sdk/bytes";
import { PersonName } from "../../components/person-name.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { isSame } from "./record-model.ts";

/** The author in running text. */
export function AuthorName({ address }: { address: Address }): ReactNode {
  const { person } = useCarekey();
  return isSame(address, person.address) ? "you" : <PersonName address={address} />;
}

/**
 * @module features/identity/succession/own-digits
 * The digits of the wallet in use, to compare or to read out.
 */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Fingerprint } from "../../../components/fingerprint.tsx";
import { personQuery } from "../../../components/person-name.tsx";
import { QueryStates } from "../../../components/query-states.tsx";
import { useCarekey } from "../../../lib/carekey.tsx";

/** The digits. */
export function OwnDigits(): ReactNode {
  const viewer = useCarekey();
  const profile = useQuery(personQuery(viewer, viewer.person.address));
  return (
    <QueryStates query={profile} label="Looking up your digits">
      {({ fingerprint }) => <Fingerprint value={fingerprint} of="this wallet" />}
    </QueryStates>
  );
}

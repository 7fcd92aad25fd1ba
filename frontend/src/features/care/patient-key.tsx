/**
 * @module features/care/patient-key
 * A patient's key against the one this clinician met before: what an entry, a request or the reason of a view would be sealed to.
 */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Address } from "@carekey/sdk/bytes";
import { KeyBadge, KeyNotice } from "../../components/key-status.tsx";
import { personQuery } from "../../components/person-name.tsx";
import { useCarekey } from "../../lib/carekey.tsx";

/** Props of {@link PatientKey}. `isBadge` draws one line for a list, else the notice with what to do. */
export type PatientKeyProps = { address: Address; isBadge?: boolean };

/** Nothing while the key is the known one. */
export function PatientKey({ address, isBadge = false }: PatientKeyProps): ReactNode {
  const profile = useQuery(personQuery(useCarekey(), address)).data;
  if (profile === undefined) return null;
  return isBadge ? <KeyBadge profile={profile} /> : <KeyNotice profile={profile} />;
}

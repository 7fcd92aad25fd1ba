/**
 * @module features/care/patient-name
 * A patient by the name they told this clinician. Patients have no public name.
 */
import type { ReactNode } from "react";
import type { Address } from "@carekey/sdk/bytes";
import type { PersonProfile } from "@carekey/sdk/client";
import { PersonName } from "../../components/person-name.tsx";
import { isSame } from "./care-model.ts";
import { useGrants } from "./hooks.ts";

/** The name that came with a grant; else the public one. */
export function PatientName({ address, profile }: { address: Address; profile?: PersonProfile | null }): ReactNode {
  const grants = useGrants();
  const known = grants.data?.find(({ patient }) => isSame(patient, address))?.patientName;
  if (known !== undefined && known !== "") return <span title={address}>{known}</span>;
  return <PersonName address={address} profile={profile ?? null} />;
}

/**
 * @module client/signed-forms
 * The signed form of an act: what the wallet shows in place of a transaction, and the call that carries the signature. `grant`,
 * `revoke` and `revokeAll` are signed where they are prepared (`sharing.ts`), for keepers get the signature too.
 */
import type { TypedDataDefinition } from "viem";
import type { Address, Hex } from "../bytes.ts";
import type { ContractCall, WriteArgs, WriteName } from "../chain/index.ts";
import {
  addTypedData,
  configureEmergencyTypedData,
  decideBatchTypedData,
  decideTypedData,
  disableEmergencyTypedData,
  noteTypedData,
  registerTypedData,
  rotateKeyTypedData,
  stopEmergencyTypedData,
} from "../consent/index.ts";
import type { ContractName } from "../contracts/index.ts";
import type { Deployment } from "../deployment.ts";
import {
  followTypedData,
  setGuardiansTypedData,
  succeedTypedData,
  vetoTypedData,
  vouchTypedData,
} from "../identity/index.ts";

/**
 * What a signature is for: the account, its next nonce in the contract (for what {@link roundedAccountOf} names, the round), and the last
 * second it may be used in.
 */
export type Bound = {
  deployment: Pick<Deployment, "chainId" | ContractName>;
  account: Address;
  nonce: bigint;
  deadline: number;
};

type Form<Contract extends ContractName, Name extends WriteName<Contract>> = (
  bound: Bound,
  args: WriteArgs<Contract, Name>,
) => TypedDataDefinition;
type Forms = { [Contract in ContractName]?: { [Name in WriteName<Contract>]?: Form<Contract, Name> } };

/** `account` under the name that acts about the own chart give it. */
const asPatient = ({ account: patient, ...bound }: Bound) => ({ ...bound, patient });
/** What {@link WITHOUT_NONCE} lists is bound to no nonce. */
const unnumbered = ({ nonce: _, ...bound }: Bound) => bound;

const FORMS: Forms = {
  carekey: {
    register: (bound, [role, keyDocument]) => registerTypedData({ ...bound, role, keyDocument }),
    rotateKey: (bound, [keyDocument]) => rotateKeyTypedData({ ...bound, keyDocument }),
    add: (bound, [pointer, wraps, supersedes]) => addTypedData({ ...bound, pointer, wraps, supersedes }),
    decide: (bound, [entryId, verdict, wraps]) => decideTypedData({ ...asPatient(bound), entryId, verdict, wraps }),
    decideBatch: (bound, [approved, denied, wraps]) => decideBatchTypedData({ ...bound, approved, denied, wraps }),
    note: (bound, [digest]) => noteTypedData({ ...bound, digest }),
  },
  emergencyAccess: {
    configure: (bound, [delay, contacts]) => configureEmergencyTypedData({ ...asPatient(bound), delay, contacts }),
    disable: (bound) => disableEmergencyTypedData(asPatient(bound)),
    stop: (bound, [id, salt]) => stopEmergencyTypedData({ ...unnumbered(bound), id, salt }),
  },
  succession: {
    setGuardians: (bound, [commitments, threshold, delay]) =>
      setGuardiansTypedData({ ...bound, commitments, threshold, delay }),
    veto: (bound) => vetoTypedData(bound),
    vouch: ({ account: guardian, nonce: round, ...bound }, [predecessor, successor]) =>
      vouchTypedData({ ...bound, guardian, predecessor, successor, round: Number(round) }),
    complete: (bound, [predecessor]) => {
      const { account: successor, ...rest } = unnumbered(bound);
      return followTypedData({ ...rest, predecessor, successor });
    },
    // Both accounts sign for the same last second, which the successor chose.
    succeed: ({ deployment, account: predecessor }, [successor, deadline]) =>
      succeedTypedData({ deployment, predecessor, successor, deadline }),
  },
};

/** Acts that can be done once anyway, so that no nonce counts them. */
const WITHOUT_NONCE: ReadonlySet<string> = new Set(["stop", "complete"]);

/** Whose guardians' round a call belongs to, where that stands in place of a nonce; null for every other call. */
export function roundedAccountOf({ contract, functionName, args }: ContractCall): Address | null {
  return contract === "succession" && functionName === "vouch" ? (args[0] as Address) : null;
}

/** Whether a direct call has a signed form that is made here. */
export function hasSignedForm({ contract, functionName }: Pick<ContractCall, "contract" | "functionName">): boolean {
  return Object.hasOwn(FORMS[contract] ?? {}, functionName);
}

/** Whether a call carries a signature already, so that anybody may send it. */
export function isSigned({ functionName }: Pick<ContractCall, "functionName">): boolean {
  return functionName.endsWith("BySig");
}

/** What the wallet is asked to sign in place of sending a direct call that {@link hasSignedForm}, and the call with the signature. */
export function signedFormOf(
  call: ContractCall,
  bound: Bound,
): { typedData: TypedDataDefinition; callWith(signature: Hex): ContractCall } {
  const { contract, functionName, args } = call;
  const forms = FORMS[contract] as Record<string, (bound: Bound, args: readonly unknown[]) => TypedDataDefinition>;
  return {
    typedData: forms[functionName]!(bound, args),
    callWith: (signature) => ({
      contract,
      functionName: `${functionName}BySig`,
      args: [bound.account, ...signedArgs(call, bound, signature)],
    }),
  };
}

function signedArgs({ functionName, args }: ContractCall, bound: Bound, signature: Hex): readonly unknown[] {
  if (functionName === "succeed") return [...args.slice(0, -1), signature, args.at(-1)];
  const counted = WITHOUT_NONCE.has(functionName) ? [] : [bound.nonce];
  return [...args, ...counted, bound.deadline, signature];
}

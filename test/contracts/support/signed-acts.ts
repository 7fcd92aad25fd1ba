/**
 * @module test/contracts/support/signed-acts
 * Every act that can be signed instead of sent: its typed data (made by the sdk, checked by the contract) and the arguments that
 * carry it. Tests of signatures loop over this table.
 */
import * as consent from "@carekey/sdk/consent";
import type { SigningDomain } from "@carekey/sdk/signing";
import type { Address } from "@carekey/sdk/bytes";
import { ROLE_PATIENT } from "@carekey/sdk/contracts";
import { START, DAY, ZERO, digest, termsOf, type Signer } from "./clinic.ts";

/** What an act is bound to. */
export type ActContext = {
  account: Address;
  grantee: Address;
  deployment: SigningDomain;
  nonce: bigint;
  deadline: number;
};

/** Typed data as ethers signs it. */
export type SignableData = {
  domain: { name: string; version: string; chainId: number; verifyingContract: string };
  types: Record<string, readonly { name: string; type: string }[]>;
  message: Record<string, unknown>;
};

export type SignedAct = {
  functionName: string;
  /** Whether the act takes a nonce; the others can happen once only. */
  isNumbered: boolean;
  event: string;
  /** The error of a second use. */
  replayError: string;
  /** Whether the account must have a role first. */
  needsRegistration: boolean;
  /** Arguments before the signature, account first, with another value for each but the account. */
  build(context: ActContext): { typedData: SignableData; args: readonly unknown[]; altered: readonly unknown[] };
};

const SIGNED_AT = START + 1_000;
const NEW_KEY = digest("signed key");
const BUNDLE = digest("bundle");
const OTHER = digest("something else");

/** Signs typed data by the key of an account. */
export function sign(signer: Signer, { domain, types, message }: SignableData): Promise<string> {
  const mutable = Object.fromEntries(Object.entries(types).map(([name, fields]) => [name, [...fields]]));
  return signer.signTypedData(domain, mutable, message);
}

function numbered(
  functionName: string,
  event: string,
  build: (context: ActContext) => {
    typedData: SignableData;
    fields: readonly unknown[];
    alteredFields: readonly unknown[];
  },
  needsRegistration = false,
): SignedAct {
  return {
    functionName,
    event,
    isNumbered: true,
    replayError: "InvalidAccountNonce",
    needsRegistration,
    build(context) {
      const { account, nonce, deadline } = context;
      const { typedData, fields, alteredFields } = build(context);
      return {
        typedData,
        args: [account, ...fields, nonce, deadline],
        altered: [...alteredFields, nonce + 1n, deadline + 1],
      };
    },
  };
}

export const SIGNED_ACTS: readonly SignedAct[] = [
  numbered("registerBySig", "Registered", ({ account, deployment, nonce, deadline }) => ({
    typedData: consent.registerTypedData({
      deployment,
      account,
      role: ROLE_PATIENT,
      keyDocument: NEW_KEY,
      nonce,
      deadline,
    }),
    fields: [ROLE_PATIENT, NEW_KEY],
    alteredFields: [ROLE_PATIENT + 1, OTHER],
  })),
  numbered(
    "rotateKeyBySig",
    "KeyRotated",
    ({ account, deployment, nonce, deadline }) => ({
      typedData: consent.rotateKeyTypedData({ deployment, account, keyDocument: NEW_KEY, nonce, deadline }),
      fields: [NEW_KEY],
      alteredFields: [OTHER],
    }),
    true,
  ),
  {
    functionName: "grantBySig",
    event: "Granted",
    isNumbered: false,
    replayError: "ConsentAlreadyUsed",
    needsRegistration: false,
    build({ account, grantee, deployment, deadline }) {
      const terms = termsOf({ address: account }, { address: grantee });
      const typedData = consent.grantTypedData({ deployment, terms, bundle: BUNDLE, signedAt: SIGNED_AT, deadline });
      return {
        typedData,
        args: [account, consent.hashTerms(terms), BUNDLE, SIGNED_AT, deadline],
        altered: [OTHER, OTHER, SIGNED_AT - 1, deadline + 1],
      };
    },
  },
  {
    functionName: "revokeBySig",
    event: "Revoked",
    isNumbered: false,
    replayError: "ConsentAlreadyRevoked",
    needsRegistration: false,
    build({ account, deployment, deadline }) {
      const consentId = digest("consent to revoke");
      return {
        typedData: consent.revokeTypedData({ deployment, patient: account, consentId, deadline }),
        args: [account, consentId, deadline],
        altered: [OTHER, deadline + 1],
      };
    },
  },
  {
    functionName: "revokeAllBySig",
    event: "AllRevoked",
    isNumbered: false,
    replayError: "RevokeAllSuperseded",
    needsRegistration: false,
    build({ account, deployment, deadline }) {
      return {
        typedData: consent.revokeAllTypedData({ deployment, patient: account, signedAt: SIGNED_AT, deadline }),
        args: [account, SIGNED_AT, deadline],
        altered: [SIGNED_AT - 1, deadline + 1],
      };
    },
  },
  numbered("addBySig", "Added", ({ account, deployment, nonce, deadline }) => {
    const [pointer, wraps, supersedes] = [digest("pointer"), digest("wraps"), digest("older entry")] as const;
    return {
      typedData: consent.addTypedData({ deployment, account, pointer, wraps, supersedes, nonce, deadline }),
      fields: [pointer, wraps, supersedes],
      alteredFields: [OTHER, OTHER, OTHER],
    };
  }),
  numbered("decideBySig", "Decided", ({ account, deployment, nonce, deadline }) => {
    const [entryId, wraps] = [digest("entry"), digest("wraps")];
    return {
      typedData: consent.decideTypedData({ deployment, patient: account, entryId, verdict: 1, wraps, nonce, deadline }),
      fields: [entryId, 1, wraps],
      alteredFields: [OTHER, 2, ZERO],
    };
  }),
  numbered("decideBatchBySig", "BatchDecided", ({ account, deployment, nonce, deadline }) => {
    const [approved, denied, wraps] = [[digest("a"), digest("b")], [digest("c")], digest("wraps")] as const;
    return {
      typedData: consent.decideBatchTypedData({ deployment, account, approved, denied, wraps, nonce, deadline }),
      fields: [approved, denied, wraps],
      alteredFields: [[digest("a")], [digest("b"), digest("c")], OTHER],
    };
  }),
  numbered("noteBySig", "Noted", ({ account, deployment, nonce, deadline }) => ({
    typedData: consent.noteTypedData({ deployment, account, digest: digest("vault"), nonce, deadline }),
    fields: [digest("vault")],
    alteredFields: [OTHER],
  })),
];

/** A moment at which every act of the table may be carried, and its deadline. */
export const CARRIED_AT = SIGNED_AT + 60;
export const DEADLINE = SIGNED_AT + DAY - 60;

/**
 * @module deployment
 * The constants of one deployment: which contract on which chain, who the keepers are, where the servers answer.
 * The same JSON is read by the app (`/deployment.json`), the gateway and the keepers.
 */
import { z } from "zod";
import { getAddress } from "viem/utils";
import type { Address, Hex } from "./bytes.ts";
import { SdkError } from "./errors.ts";

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((value): Address => getAddress(value));
const privateKey = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .transform((value) => value as Hex);

/** The chain id of the local development chain, the only one on which demo wallets exist. */
export const LOCAL_CHAIN_ID = 31337;

/** Schema of the deployment manifest. */
export const deploymentSchema = z
  .strictObject({
    chainId: z.int().positive(),
    /** The Carekey contract (identity, consent, records). */
    carekey: address,
    /** The EmergencyAccess contract, which reads licences from the Carekey contract. */
    emergencyAccess: address,
    /** The Succession contract. */
    succession: address,
    /** First block that can hold an event of the contract. */
    deployBlock: z.int().nonnegative(),
    /** Domain contract of receipts and heads; the Carekey address until an audit log contract is deployed. */
    auditLog: address,
    /** The registrar to whom applications are sealed. */
    registrar: address,
    /** Signer of view tickets. */
    gateway: address,
    /** The account with which the gateway pays for signed acts; absent where it pays for none. */
    relayer: address.optional(),
    /** t of n: how many keepers must answer a view. */
    threshold: z.int().min(2),
    /** The keeper set, in order. */
    keepers: z
      .array(z.strictObject({ address, url: z.url() }))
      .min(2)
      .max(32),
    /** JSON-RPC endpoint that clients read the chain from. */
    rpcUrl: z.url(),
    /** Base URL of the gateway; empty when the gateway serves the app itself. */
    gatewayUrl: z.union([z.literal(""), z.url()]),
    /** Blocks after which an event counts as final. */
    confirmations: z.int().min(1),
    /** Seeded people for the demo wallet. Local chain only. */
    demo: z.array(z.strictObject({ name: z.string(), role: z.string(), privateKey })).optional(),
  })
  .refine(
    (deployment) =>
      deployment.threshold <= deployment.keepers.length && deployment.keepers.length < 2 * deployment.threshold,
    {
      message: "the threshold t of n keepers must satisfy t <= n < 2t",
    },
  )
  .refine((deployment) => deployment.demo === undefined || deployment.chainId === LOCAL_CHAIN_ID, {
    message: "demo people exist on the local chain only",
  });

/** A parsed deployment manifest. */
export type Deployment = z.output<typeof deploymentSchema>;

/**
 * Parses a deployment manifest.
 * @throws SdkError MALFORMED, with the schema's complaints in `details.issues`.
 */
export function parseDeployment(json: unknown): Deployment {
  const parsed = deploymentSchema.safeParse(json);
  if (!parsed.success)
    throw new SdkError("MALFORMED", "deployment manifest: " + z.prettifyError(parsed.error), {
      details: { issues: parsed.error.issues },
    });
  return parsed.data;
}

/**
 * @module lib/deployment
 * Loads the constants of this deployment, once, before anything else is shown.
 */
import { createContext, use } from "react";
import { parseDeployment, type Deployment } from "@carekey/sdk/deployment";
import { SdkError } from "@carekey/sdk/errors";

/**
 * Fetches and checks `/deployment.json`.
 * @throws SdkError GATEWAY_UNAVAILABLE, MALFORMED
 */
export async function loadDeployment(signal?: AbortSignal): Promise<Deployment> {
  let json: unknown;
  try {
    const response = await fetch("/deployment.json", { signal, cache: "no-cache" });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    json = await response.json();
  } catch (cause) {
    throw new SdkError("GATEWAY_UNAVAILABLE", "the deployment manifest could not be loaded", { cause });
  }
  return parseDeployment(json);
}

const DeploymentContext = createContext<Deployment | null>(null);

/** Provides the deployment to the app. */
export const DeploymentProvider = DeploymentContext;

/** The deployment that this app talks to. @throws SdkError INTERNAL outside the provider. */
export function useDeployment(): Deployment {
  const deployment = use(DeploymentContext);
  if (deployment === null) throw new SdkError("INTERNAL", "useDeployment outside its provider");
  return deployment;
}

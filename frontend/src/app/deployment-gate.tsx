/**
 * @module app/deployment-gate
 * Waits for the deployment manifest; without it the app knows neither its contract nor its servers.
 */
import { Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Deployment } from "@carekey/sdk/deployment";
import { ErrorNotice } from "../components/error-notice.tsx";
import { loadDeployment } from "../lib/deployment.ts";
import { queryKeys } from "../lib/query-keys.ts";
import { Frame } from "./frame.tsx";
import { Splash } from "./splash.tsx";

/** Renders its child once the deployment is known. */
export function DeploymentGate({ children }: { children: (deployment: Deployment) => ReactNode }): ReactNode {
  const query = useQuery({
    queryKey: queryKeys.deployment,
    queryFn: ({ signal }) => loadDeployment(signal),
    staleTime: Infinity,
    gcTime: Infinity,
    refetchOnWindowFocus: false,
  });
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    return (
      <Frame title="Carekey cannot start" width="narrow">
        <Title order={1} mb="lg">
          Carekey cannot start
        </Title>
        <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      </Frame>
    );
  }
  return <Splash label="Starting Carekey" />;
}

/**
 * @module app/banners
 * What is wrong around the app, above every screen: no connection, or a server that does not answer.
 */
import { Button } from "@mantine/core";
import { IconCloudOff, IconWifiOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore, type ReactNode } from "react";
import { Notice } from "../components/notice.tsx";
import { useCarekey } from "../lib/carekey.tsx";
import { queryKeys } from "../lib/query-keys.ts";
import classes from "./layout.module.css";

/** Says so while the device is offline or the gateway is away. */
export function Banners(): ReactNode {
  const { carekey } = useCarekey();
  const isOnline = useSyncExternalStore(onConnectivityChange, () => navigator.onLine);
  const health = useQuery({
    queryKey: queryKeys.health,
    queryFn: () => carekey.gateway.health(),
    refetchInterval: 30_000,
    retry: 1,
  });
  // The servers may run on this very device, so "offline" alone says nothing about them.
  if (!health.isError) return null;
  return (
    <div className={classes.banner}>
      <Notice
        tone="waiting"
        role="status"
        icon={isOnline ? <IconCloudOff size={24} /> : <IconWifiOff size={24} />}
        title={isOnline ? "Carekey’s server does not answer" : "You are offline"}
      >
        What is on this screen stays. New things cannot be loaded or sent until the connection is back.{" "}
        <Button variant="default" mt="xs" onClick={() => void health.refetch()} loading={health.isFetching}>
          Try again
        </Button>
      </Notice>
    </div>
  );
}

function onConnectivityChange(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

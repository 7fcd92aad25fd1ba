/**
 * @module app/on-the-way
 * What was sent before this page was closed or reloaded, and has not arrived yet: said, waited for, and then shown.
 */
import { Loader } from "@mantine/core";
import { useIsMutating, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, type ReactNode } from "react";
import { Notice } from "../components/notice.tsx";
import { TechnicalDetails } from "../components/technical-details.tsx";
import { announce } from "../lib/announce.ts";
import { useCarekey } from "../lib/carekey.tsx";
import { relayQuery } from "../lib/fees.ts";
import { queryKeys } from "../lib/query-keys.ts";
import { refresh } from "../lib/refresh.ts";
import classes from "./layout.module.css";

/** Nothing, unless an act of this person is on its way that this page is not waiting for itself. */
export function OnTheWay(): ReactNode {
  const { carekey, person } = useCarekey();
  const queryClient = useQueryClient();
  const isActing = useIsMutating() > 0;
  const { data } = useQuery({
    ...relayQuery(carekey),
    enabled: !isActing,
    refetchInterval: ({ state }) => ((state.data?.open.length ?? 0) > 0 ? 3_000 : false),
  });
  const open = isActing ? [] : (data?.open ?? []);
  const before = useRef(0);
  useEffect(() => {
    if (before.current > 0 && open.length === 0 && !isActing) {
      announce("What you did before has arrived.");
      const stale = [queryKeys.records, queryKeys.consents, queryKeys.chart(person.address)];
      for (const queryKey of stale) void refresh(queryClient, queryKey);
    }
    if (!isActing) before.current = open.length;
  }, [open.length, isActing, queryClient, person.address]);
  if (open.length === 0) return null;
  return (
    <div className={classes.banner}>
      <Notice
        tone="neutral"
        role="status"
        icon={<Loader size={22} />}
        title={
          open.length === 1
            ? "Something you did is still on its way"
            : `${open.length} things you did are still on their way`
        }
      >
        You need not do it again. This screen shows it as soon as the network has confirmed it.
        <TechnicalDetails
          facts={open.map(({ id, hashes }, index) => ({
            label: `Transaction ${index + 1}`,
            value: hashes.at(-1) ?? id,
            copy: hashes.at(-1) ?? id,
          }))}
        />
      </Notice>
    </div>
  );
}

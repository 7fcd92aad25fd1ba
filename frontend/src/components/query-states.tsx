/**
 * @module components/query-states
 * Draws the four states of a query: loading, empty, error and data.
 */
import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Card } from "./card.tsx";
import { EmptyState, type EmptyStateProps } from "./empty-state.tsx";
import { ErrorNotice } from "./error-notice.tsx";

/** Props of {@link QueryStates}. */
export type QueryStatesProps<Data> = {
  query: UseQueryResult<Data>;
  /** Shown when `isEmpty` says so; by default for an empty array. Without it, emptiness is left to `children`. */
  empty?: EmptyStateProps;
  isEmpty?: (data: Data) => boolean;
  /** What is being loaded, for screen readers. */
  label?: string;
  /** Stands in while loading; three grey lines by default. */
  skeleton?: ReactNode;
  children: (data: Data) => ReactNode;
};

/** A query as a screen. Data already shown stays while it is refreshed, with an error above it when that fails. */
export function QueryStates<Data>(props: QueryStatesProps<Data>): ReactNode {
  const { query, empty, isEmpty = isEmptyArray, label = "Loading", skeleton, children } = props;
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
        {empty !== undefined && isEmpty(query.data) ? <EmptyState {...empty} /> : children(query.data)}
      </>
    );
  }
  if (query.isError) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  return <Busy label={label}>{skeleton ?? <Lines count={3} />}</Busy>;
}

/** Outlines of cards in the place of what is coming, for what is no query. */
export function LoadingLines({ count = 3, label = "Loading" }: { count?: number; label?: string }): ReactNode {
  return (
    <Busy label={label}>
      <Lines count={count} />
    </Busy>
  );
}

function Busy({ label, children }: { label: string; children: ReactNode }): ReactNode {
  return (
    <div role="status" aria-busy="true">
      <VisuallyHidden>{label}</VisuallyHidden>
      {children}
    </div>
  );
}

function Lines({ count }: { count: number }): ReactNode {
  return (
    <Stack gap="sm" aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (
        <Card key={index}>
          <Skeleton height={14} width="45%" />
          <Skeleton height={14} width="70%" mt={14} />
        </Card>
      ))}
    </Stack>
  );
}

function isEmptyArray(data: unknown): boolean {
  return Array.isArray(data) && data.length === 0;
}

/**
 * @module app/route-error
 * What a route shows when it broke while drawing or loading, and when there is none.
 */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useRouteError } from "react-router";
import { EmptyState } from "../components/empty-state.tsx";
import { ErrorNotice } from "../components/error-notice.tsx";
import { Screen } from "../components/screen.tsx";

/** A broken screen inside the app. */
export function RouteError(): ReactNode {
  const error = useRouteError();
  return (
    <Screen title="This screen could not be shown" width="narrow">
      <ErrorNotice error={error} onRetry={() => window.location.reload()} retryLabel="Reload" />
    </Screen>
  );
}

/** An address without a screen. */
export function NotFoundPage(): ReactNode {
  return (
    <Screen title="There is nothing here" width="narrow">
      <EmptyState
        drawing="search"
        title="This page does not exist"
        text="The address may be old, or belong to another role."
        action={
          <Button component={Link} to="/">
            Go to the start
          </Button>
        }
      />
    </Screen>
  );
}

/**
 * @module app/error-boundary
 * Catches what no screen expected, and says it in the same words as every other failure.
 */
import { Component, type ReactNode } from "react";
import { ErrorNotice } from "../components/error-notice.tsx";

type Props = { children: ReactNode };

/** Shows an error notice in place of a tree that broke while drawing. */
export class ErrorBoundary extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <main className="carekey-broken">
        <ErrorNotice error={this.state.error} onRetry={() => location.reload()} retryLabel="Reload" />
      </main>
    );
  }
}

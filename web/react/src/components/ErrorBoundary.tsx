import { Component, type ErrorInfo, type ReactNode } from 'react';

export interface ErrorBoundaryProps {
  children: ReactNode;
  /** In place of the part that broke; `retry` tries it again. */
  fallback?: (error: unknown, retry: () => void) => ReactNode;
  onError?: (error: unknown, info: ErrorInfo) => void;
}

interface State {
  /** In a box, because anything may be thrown. */
  broken: { error: unknown } | null;
}

const english = (_error: unknown, retry: () => void) => (
  <p role="alert" className="shopbell-broken">
    This part does not work right now.{' '}
    <button type="button" onClick={retry}>
      Try again
    </button>
  </p>
);

/** Keeps a part of a page that breaks from taking the rest with it. */
export default class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { broken: null };

  static getDerivedStateFromError(error: unknown): State {
    return { broken: { error } };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    this.props.onError?.(error, info);
  }

  override render(): ReactNode {
    const { children, fallback = english } = this.props;
    const { broken } = this.state;
    return broken === null ? children : fallback(broken.error, () => this.setState({ broken: null }));
  }
}

import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorBoundary } from '@shopbell/react';
import { strings } from '../strings.ts';

/** A part of a page; one that breaks says so in its place, and the rest goes on. */
export function Part({ children }: { children: ReactNode }) {
  return <ErrorBoundary fallback={broken}>{children}</ErrorBoundary>;
}

const broken = (_error: unknown, retry: () => void) => (
  <p role="alert">
    {strings.failure.part}{' '}
    <Button size="compact-sm" variant="default" onClick={retry}>
      {strings.failure.retry}
    </Button>
  </p>
);

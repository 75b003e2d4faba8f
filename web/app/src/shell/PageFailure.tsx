import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { strings } from '../strings.ts';
import { Nothing } from './Nothing.tsx';

/** A page that threw: the rest of the application stays usable. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  return (
    <Nothing
      isPage
      isFailure
      title={strings.failure.crashed}
      text={error instanceof Error ? error.message : String(error)}
      action={<Button onClick={reset}>{strings.failure.retry}</Button>}
    />
  );
}

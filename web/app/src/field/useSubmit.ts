import { useState } from 'react';
import { ApiError, SignedOut } from '@shopbell/client';

/** A form on its way to the server: one at a time, and why it was refused. */
export function useSubmit() {
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);

  async function run(command: () => Promise<void>): Promise<void> {
    setError(null);
    setIsBusy(true);
    try {
      await command();
    } catch (refusal) {
      if (refusal instanceof ApiError) setError(refusal);
      // Signed out: the page goes with it.
      else if (!(refusal instanceof SignedOut)) throw refusal;
    } finally {
      setIsBusy(false);
    }
  }

  return {
    isBusy,
    error,
    submit: (command: () => Promise<void>) => {
      if (!isBusy) void run(command);
    },
    /** What the server says of one field. */
    problemOf: (field: string) => error?.errors.find(problem => problem.field === field)?.message ?? null,
  };
}

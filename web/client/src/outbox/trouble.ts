import type { ApiError } from '../rest/apiError.ts';

/** Whether the same command may succeed later. 409 `conflict`: the server is at it still. */
export function isPassing({ code, status, isPassing: isTrouble }: ApiError): boolean {
  return isTrouble || code === 'unreadable' || code === 'conflict' || status === 401 || status === 408;
}

/** Whether the trouble may be with the command itself rather than with the way there. */
export const isOwnFault = ({ code }: ApiError) =>
  code === 'internal_error' || code === 'conflict' || code === 'unreadable';

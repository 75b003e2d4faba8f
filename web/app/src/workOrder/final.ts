import type { Status } from '@shopbell/client';

/** There is no legal way back from these, so a person is asked first. */
export type Final = 'cancelled' | 'picked_up';

export const isFinal = (status: Status): status is Final => status === 'cancelled' || status === 'picked_up';

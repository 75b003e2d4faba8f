import { ApiError, type Api, type Delivery, type NewCustomer } from '@shopbell/client';
import type { CustomerChoice } from './CustomerPicker.tsx';
import { toNewCustomer } from './CustomerFields.tsx';

/**
 * The id of the chosen customer, who is saved first when new. `saved` is told at once, so that a second try after the
 * rest was refused does not make the same customer again.
 */
export async function settleCustomer(
  api: Api,
  choice: Exclude<CustomerChoice, { kind: 'none' }>,
  saved: (choice: CustomerChoice) => void,
  delivery: Delivery = {},
): Promise<number> {
  if (choice.kind === 'known') return choice.id;
  const { data } = await api.createCustomer(toNewCustomer(choice.draft), delivery);
  saved({ kind: 'known', id: data.id });
  return data.id;
}

/** In milliseconds: longer than that nobody at a counter waits. */
const PATIENCE_MS = 4000;

/**
 * The same, but where the server does not answer, the new customer as a part of what is kept on this device. Under one
 * key both ways: an answer that was lost on the way has made the customer already.
 */
export async function settleOrKeep(
  api: Api,
  choice: Exclude<CustomerChoice, { kind: 'none' }>,
  key: string,
  saved: (choice: CustomerChoice) => void,
): Promise<number | { key: string; draft: NewCustomer }> {
  try {
    return await settleCustomer(api, choice, saved, { key, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    const isAway = error instanceof ApiError ? error.isPassing : error instanceof DOMException;
    if (choice.kind === 'known' || !isAway) throw error;
    return { key, draft: toNewCustomer(choice.draft) };
  }
}

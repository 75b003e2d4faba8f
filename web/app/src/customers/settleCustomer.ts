import type { Api } from '@shopbell/client';
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
): Promise<number> {
  if (choice.kind === 'known') return choice.id;
  const { data } = await api.createCustomer(toNewCustomer(choice.draft));
  saved({ kind: 'known', id: data.id });
  return data.id;
}

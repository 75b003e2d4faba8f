type Address = Record<string, unknown>;

/** Words that are looked for. The router reads digits as a number. */
export function parseSearch({ search }: Address): { search?: string } {
  const text = String((search as string | number | undefined) ?? '').trim();
  return text === '' ? {} : { search: text };
}

/** The customer that a form begins with. */
export function parseCustomer({ customer }: Address): { customer?: number } {
  const id = Number(customer);
  return Number.isInteger(id) && id > 0 ? { customer: id } : {};
}

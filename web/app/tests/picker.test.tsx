import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createClient, type Role } from '@shopbell/client';
import { WebSocketProvider } from '@shopbell/react';
import { CustomerPicker, type CustomerChoice } from '../src/customers/CustomerPicker.tsx';
import { settleCustomer } from '../src/customers/settleCustomer.ts';
import { UserContext } from '../src/session/useSession.ts';
import { answer, customer, user } from '../../client/tests/fixtures.ts';

beforeAll(() => {
  // What jsdom lacks of a browser.
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
});
afterEach(cleanup);

let choice: CustomerChoice;

function open(role: Role) {
  const client = createClient({ url: 'http://127.0.0.1:9', tokens: () => null });
  const found = [customer()];
  const customers = vi
    .spyOn(client.api, 'customers')
    .mockImplementation(async ({ search } = {}) =>
      answer(found.filter(row => row.name.toLowerCase().includes(search?.toLowerCase() ?? ''))),
    );
  vi.spyOn(client.api, 'customer').mockResolvedValue(answer(customer()));
  function Form() {
    const [chosen, setChosen] = useState<CustomerChoice>({ kind: 'none' });
    choice = chosen;
    return <CustomerPicker choice={chosen} onChange={setChosen} error={null} problemOf={() => null} />;
  }
  render(
    <MantineProvider>
      <UserContext value={user({ role })}>
        <QueryClientProvider client={new QueryClient()}>
          <WebSocketProvider client={client}>
            <Form />
          </WebSocketProvider>
        </QueryClientProvider>
      </UserContext>
    </MantineProvider>,
  );
  const input = screen.getByRole('combobox', { name: 'Customer' });
  fireEvent.focus(input);
  return {
    client,
    customers,
    input,
    type: (value: string) => fireEvent.change(input, { target: { value } }),
  };
}

describe('finding a customer', () => {
  test('by name and Enter', async () => {
    const { input, type } = open('front_desk');
    type('ivana');
    // Before the answer is here Enter takes nobody.
    fireEvent.keyDown(input, { key: 'Enter' });
    expect(choice.kind).toBe('none');
    await screen.findByRole('option', { name: /^Ivana Marić/ });
    fireEvent.keyDown(input, { key: 'Enter' });
    expect(choice).toEqual({ kind: 'known', id: 3 });
    await screen.findByText('Ivana Marić');
  });

  test('who is not there is a new one, with what was typed', async () => {
    const { type } = open('front_desk');
    type('Zoran');
    fireEvent.click(await screen.findByRole('option', { name: '+ New customer “Zoran”' }));
    expect(choice).toMatchObject({ kind: 'new', draft: { name: 'Zoran', phone: '' } });
    expect(screen.getByRole('textbox', { name: 'Name' })).toHaveProperty('value', 'Zoran');
  });

  test('a number that was typed is the phone', async () => {
    const { type } = open('manager');
    type('+385 91 555');
    fireEvent.click(await screen.findByRole('option', { name: /New customer/ }));
    expect(choice).toMatchObject({ kind: 'new', draft: { name: '', phone: '+385 91 555' } });
  });

  test('technicians are offered no new one', async () => {
    const { type } = open('technician');
    type('Zoran');
    await screen.findByText('Nobody of that name. The office adds new customers.');
    expect(screen.queryByRole('option')).toBeNull();
  });
});

test('a new customer is saved once, however often the rest is refused', async () => {
  const client = createClient({ url: 'http://127.0.0.1:9', tokens: () => null });
  const create = vi.spyOn(client.api, 'createCustomer').mockResolvedValue(answer(customer({ id: 8 })));
  const draft = { name: ' Zoran ', phone: '', email: 'z@example.test', address: '', notes: '' };
  const saved = vi.fn();
  expect(await settleCustomer(client.api, { kind: 'new', draft }, saved)).toBe(8);
  expect(create.mock.calls.map(([sent]) => sent)).toEqual([{ name: 'Zoran', email: 'z@example.test' }]);
  // Before the rest is sent, the form knows the customer by their id.
  expect(saved).toHaveBeenCalledWith({ kind: 'known', id: 8 });
  expect(await settleCustomer(client.api, { kind: 'known', id: 8 }, saved)).toBe(8);
  expect(create).toHaveBeenCalledTimes(1);
});

import { createClient, type ShopbellClient } from '@shopbell/client';
import { cleanup, render } from '@testing-library/react';
import { StrictMode, type ReactNode } from 'react';
import { afterEach, beforeEach, vi } from 'vitest';
import { WebSocketProvider } from '../src/index.ts';
import { FakeServer } from '../../client/tests/server.ts';

/** A server for each test, and everything closed after it. */
export function withServer() {
  const here: { server: FakeServer } = { server: undefined as never };
  beforeEach(async () => {
    here.server = await FakeServer.start();
  });
  afterEach(async () => {
    cleanup();
    await here.server.stop();
  });
  return here;
}

/** Renders as an application would, in StrictMode. */
export function renderWith(server: FakeServer, content: ReactNode): { client: ShopbellClient } {
  const client = createClient({ url: server.url, tokens: () => 'good' });
  render(
    <StrictMode>
      <WebSocketProvider client={client}>{content}</WebSocketProvider>
    </StrictMode>,
  );
  return { client };
}

export const until = (holds: () => boolean) => vi.waitUntil(holds, { timeout: 10_000, interval: 5 });

import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: { environment: 'jsdom', include: ['tests/**/*.test.tsx'], testTimeout: 20_000 },
});

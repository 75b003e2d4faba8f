import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{setup,differential,stock-client,shop-day,nothing-lost,browser}/**/*.test.ts'],
    // Each file starts programs of its own; more than two at once only make each other slow.
    maxWorkers: 2,
    // A limit for what hangs, not a time that anything takes.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

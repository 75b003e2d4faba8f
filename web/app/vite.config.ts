import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const server = 'http://127.0.0.1:3001';

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['source', ...defaultClientConditions] },
  server: {
    proxy: {
      '/api': server,
      '/health': server,
      '/socket.io': { target: server, ws: true },
    },
  },
  build: {
    // The page's policy allows no `data:` anything: every asset is a file with a hashed name.
    assetsInlineLimit: 0,
    // The polyfill would be a script of its own for browsers that cannot run the rest either.
    modulePreload: { polyfill: false },
    // React, the router, queries, Socket.IO and Mantine: under 200 kB as they travel.
    chunkSizeWarningLimit: 600,
  },
});

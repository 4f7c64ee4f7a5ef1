import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

import { compress } from './build/compress.ts';
import { firstLoad } from './build/firstLoad.ts';
import { texts } from './build/texts.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

/** The console as the service serves it, below `/console/`: `npm run build` writes it to `dist/console`. */
export default defineConfig({
  root,
  base: '/console/',
  plugins: [texts(), firstLoad({ limit: 200_000 }), compress()],
  build: {
    outDir: fileURLToPath(new URL('../dist/console', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // The policy of its pages takes nothing that stands in them: no inline script, no picture as data.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // On a slow machine it would tell whoever starts the service for the first time which plugin took long.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});

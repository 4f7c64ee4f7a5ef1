// Lets processes and threads that a test starts run TypeScript on Node 20: `node --import ./typescript.mjs child.ts`.
import { register } from 'node:module';

register('./typescriptLoader.mjs', import.meta.url);

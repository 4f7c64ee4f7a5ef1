// dependency-cruiser reads every file by swc as TypeScript without JSX; this lets it read the console's .tsx files as what they are.
// Loaded before it (`npm run arrows`), since it takes swc's functions when it starts.
import { createRequire } from 'node:module';

const swc = createRequire(import.meta.url)('@swc/core');
const { parseFileSync } = swc;
swc.parseFileSync = (name, options) => parseFileSync(name, { ...options, tsx: name.endsWith('.tsx') });

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where a file lies that is served: beside the built code that serves it (`module`), where the build copies it, or else at its source. */
export function shippedFile(module: string, name: string, source: () => string): string {
  const beside = fileURLToPath(new URL(name, module));
  return existsSync(beside) ? beside : source();
}

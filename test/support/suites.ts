import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export type Suites = { unit: string[]; integration: string[]; resilience: string[] };

const IMPORT = /(?:from|import|import\()\s*'([^']+)'/g;

/**
 * Sorts the test files of a folder by what they use, so that nobody has to keep a list: who starts processes or threads, a browser among
 * them, or makes writes fail tests resilience, who opens a database integration, and the rest are unit tests.
 */
export function suitesOf(root: string): Suites {
  const suites: Suites = { unit: [], integration: [], resilience: [] };
  const seen = new Map<string, Set<string>>();
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!name.endsWith('.test.ts')) continue;
    const file = join(root, name);
    suites[suiteOf(importsOf(file, root, seen))].push(file);
  }
  return suites;
}

function suiteOf(imports: Set<string>): keyof Suites {
  const uses = (...ends: string[]) => [...imports].some((one) => ends.some((end) => one.endsWith(end)));
  if (uses('node:child_process', 'playwright-core', '/support/faults.ts', '/support/faultsFreeze.ts', ...THREADS))
    return 'resilience';
  return uses('/support/database.ts', '/support/service.ts', '/src/database/connect.ts') ? 'integration' : 'unit';
}

/** What of the product starts a thread or a process of its own. */
const THREADS = ['/src/documents/drawingThreads.ts', '/src/sources/declared/mapper.ts'];

/** What a file imports, directly or by way of other files of the folder; imports of types alone do not count. */
function importsOf(file: string, root: string, seen: Map<string, Set<string>>): Set<string> {
  const known = seen.get(file);
  if (known !== undefined) return known;
  const imports = new Set<string>();
  seen.set(file, imports);
  const text = readFileSync(file, 'utf8').replaceAll(/^(?:import|export) type [^;]*;/gm, '');
  for (const [, specifier = ''] of text.matchAll(IMPORT)) {
    const target = specifier.startsWith('.') ? resolve(dirname(file), specifier) : specifier;
    imports.add(target);
    if (!target.startsWith(`${root}/`) || !target.endsWith('.ts')) continue;
    for (const one of importsOf(target, root, seen)) imports.add(one);
  }
  return imports;
}

import type { Plugin, Rolldown } from 'vite';

import { gzip } from './compress.ts';

type Bundle = Rolldown.OutputBundle;

/**
 * Fails the build when what a person waits for at first is more than `limit` bytes, compressed: the start with its styles, and the
 * largest catalogue and the largest page that it loads after that. Says what it is made of.
 */
export function firstLoad({ limit }: { limit: number }): Plugin {
  return {
    name: 'console-first-load',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const parts = partsOf(bundle);
        const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
        const list = parts.map(({ name, bytes }) => `  ${kilobytes(bytes)}  ${name}`).join('\n');
        const text = `First load of the console: ${kilobytes(total)} gzipped, of at most ${kilobytes(limit)}:\n${list}`;
        if (total > limit) this.error(text);
        this.info(text);
      },
    },
  };
}

type Part = { name: string; bytes: number };

function partsOf(bundle: Bundle): Part[] {
  const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
  const [entry] = chunks.filter(({ isEntry }) => isEntry);
  if (entry === undefined) throw new Error('the console has no start');
  const start = filesOf(entry, bundle);
  const later = chunks.filter(({ isDynamicEntry }) => isDynamicEntry);
  const of = (wanted: (id: string) => boolean) =>
    later
      .filter(({ facadeModuleId }) => facadeModuleId !== null && wanted(facadeModuleId))
      .map((chunk) => [...filesOf(chunk, bundle)].filter((name) => !start.has(name)))
      .sort((a, b) => sizeOf(b, bundle) - sizeOf(a, bundle))[0] ?? [];
  const names = new Set([...start, ...of((id) => id.includes('texts:')), ...of((id) => id.includes('/src/pages/'))]);
  return [...names].map((name) => ({ name, bytes: sizeOf([name], bundle) })).sort((a, b) => b.bytes - a.bytes);
}

/** A chunk, its styles, and what it cannot do without. */
function filesOf(chunk: Rolldown.OutputChunk, bundle: Bundle, found = new Set<string>()): Set<string> {
  found.add(chunk.fileName);
  for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style);
  for (const name of chunk.imports) {
    const next = bundle[name];
    if (next?.type === 'chunk' && !found.has(name)) filesOf(next, bundle, found);
  }
  return found;
}

function sizeOf(names: Iterable<string>, bundle: Bundle): number {
  return [...names].reduce((sum, name) => {
    const file = bundle[name];
    if (file === undefined) return sum;
    return sum + gzip(file.type === 'chunk' ? file.code : Buffer.from(file.source)).length;
  }, 0);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1).padStart(6)} KB`;
}

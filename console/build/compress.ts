import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = /\.(html|js|css|svg)$/;

/** Puts `FILE.gz` beside every file that is text, so that nothing is compressed while it is served. */
export function compress(): Plugin {
  return {
    name: 'console-compress',
    apply: 'build',
    writeBundle({ dir = '' }) {
      for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (TEXT.test(name)) writeFileSync(join(dir, `${name}.gz`), gzip(readFileSync(join(dir, name))));
      }
    },
  };
}

/** As small as it gets: it is done once. */
export function gzip(content: Buffer | string): Buffer {
  return gzipSync(content, { level: constants.Z_BEST_COMPRESSION });
}

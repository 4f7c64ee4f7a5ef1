import { createReadStream, existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { fileURLToPath } from 'node:url';
import { Scalar } from '@scalar/hono-api-reference';

import type { ApiApp, ApiEnv } from '../dependencies.ts';

/** `GET /docs`: a readable page of the API. All of it comes from here, so that it works without internet. */
export function addDocs(app: ApiApp): void {
  const page = Scalar<ApiEnv>({
    url: '/openapi.json',
    cdn: SCRIPT_PATH,
    pageTitle: 'settlebot API',
    withDefaultFonts: false,
    telemetry: false,
    authentication: { preferredSecurityScheme: 'apiKey' },
    hideClientButton: true,
    showDeveloperTools: 'never',
    agent: { disabled: true },
  });
  app.get('/docs', async (c, next) => {
    c.header('content-security-policy', OURS_ALONE);
    return page(c, next);
  });
  app.get(SCRIPT_PATH, (c) => {
    const path = referenceBundle();
    const { size, mtimeMs } = statSync(path);
    const etag = `"${size}-${Math.floor(mtimeMs)}"`;
    if (c.req.header('if-none-match') === etag) return c.body(null, 304, { etag });
    // Both are the stream of the web standard; only the DOM's and Node's declarations of it differ.
    const script = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array> as globalThis.ReadableStream;
    return c.body(script, 200, {
      'content-type': 'text/javascript; charset=utf-8',
      'content-length': String(size),
      'cache-control': 'no-cache',
      etag,
    });
  });
}

/** The page's script: next to the built code, where the build copies it, or else in its package. */
export function referenceBundle(): string {
  const beside = fileURLToPath(new URL('./scalar.js', import.meta.url));
  return existsSync(beside) ? beside : createRequire(import.meta.url).resolve(BUNDLE);
}

const BUNDLE = '@scalar/api-reference/browser/standalone.js';
const SCRIPT_PATH = '/docs/scalar.js';

/** The browser itself refuses what would be fetched from elsewhere. */
const OURS_ALONE = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "frame-ancestors 'none'",
].join('; ');

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { hashOf, randomToken } from '../../src/kernel/ids.ts';
import type { ApiApp } from '../dependencies.ts';
import { shippedFile } from '../shipped.ts';
import { navigation, STYLE_PATH } from './page.ts';

/**
 * `GET /docs`: a readable page of the API, with the way to the guides. All of it comes from here, so that it works without internet, and the browser
 * runs nothing that stands in the page itself.
 */
export function addDocs(app: ApiApp): void {
  let script: ReturnType<typeof readScript> | undefined;
  app.get('/docs', (c) => {
    const nonce = randomToken(16);
    return c.html(pageOf(nonce), 200, { 'content-security-policy': oursAlone(nonce) });
  });
  app.get(START_PATH, (c) =>
    c.body(START, 200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' }),
  );
  app.get(SCRIPT_PATH, (c) => {
    // Read once, when somebody asks: all who ask share it.
    script ??= readScript();
    const { bytes, etag } = script;
    if (c.req.header('if-none-match') === etag) return c.body(null, 304, { etag });
    return c.body(bytes, 200, {
      'content-type': 'text/javascript; charset=utf-8',
      'content-length': String(bytes.length),
      'cache-control': 'no-cache',
      etag,
    });
  });
}

function readScript() {
  const bytes = new Uint8Array(readFileSync(referenceBundle()));
  return { bytes, etag: `"${hashOf(bytes)}"` };
}

/** The page's script: next to the built code, where the build copies it, or else in its package. */
export function referenceBundle(): string {
  return shippedFile(import.meta.url, './scalar.js', () => createRequire(import.meta.url).resolve(BUNDLE));
}

const BUNDLE = '@scalar/api-reference/browser/standalone.js';
const SCRIPT_PATH = '/docs/scalar.js';
const START_PATH = '/docs/start.js';

const SETTINGS = {
  url: '/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  authentication: { preferredSecurityScheme: 'apiKey' },
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
};

/**
 * Runs before and after the reference: its styles are made as it runs, and bear the nonce by which the browser knows that
 * they are of this page.
 */
const START = `
if (window.Scalar === undefined) {
  const { nonce } = document.currentScript;
  const create = document.createElement.bind(document);
  document.createElement = (name, ...rest) => {
    const made = create(name, ...rest);
    if (String(name).toLowerCase() === 'style') made.nonce = nonce;
    return made;
  };
} else {
  window.Scalar.createApiReference('#app', ${JSON.stringify(SETTINGS)});
}
`;

function pageOf(nonce: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>settlebot API</title>
    <link rel="stylesheet" href="${STYLE_PATH}">
  </head>
  <body>
    ${navigation()}
    <div id="app"></div>
    <script src="${START_PATH}" nonce="${nonce}"></script>
    <script src="${SCRIPT_PATH}"></script>
    <script src="${START_PATH}"></script>
  </body>
</html>
`;
}

/** The browser itself refuses what would be fetched from elsewhere, and what somebody wrote into the page. */
function oursAlone(nonce: string): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context } from 'hono';

import type { ApiApp, ApiEnv } from '../dependencies.ts';
import { problem } from '../problem.ts';

/** The page as Telegram shows it, and every address below it. */
const TELEGRAM_PAGE = '/console/telegram';

export function isTelegramPage(path: string): boolean {
  return path === TELEGRAM_PAGE || path.startsWith(`${TELEGRAM_PAGE}/`);
}

const ROOT = '/console/';

/** Where the build puts the pages: beside the built code, and for the code that was not built, where it would. */
export const BUILT_PAGES = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/console/' : '../../console/', import.meta.url),
);

/** What is said where they were not built, which `npm run build` does. */
export const NOT_BUILT = 'The pages of the console are not built: `npm run build` makes them.';

/** A file as it is sent. */
type Page = { body: Buffer; gzip?: Buffer; type: string; tag: string; isHashed: boolean };

export type Pages = ReadonlyMap<string, Page>;

/**
 * Everything that the build made, by its path below `/console/`: read once, so that an address can name nothing else. Empty where
 * nothing was built.
 */
export function readPages(folder: string): Pages {
  if (!existsSync(join(folder, INDEX))) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).filter((path) => !path.endsWith('.gz'));
  return new Map(
    paths.flatMap((path): [string, Page][] => {
      const name = relative(folder, path).split(sep).join('/');
      const type = TYPES[/\.\w+$/.exec(name)?.[0] ?? ''];
      if (type === undefined) return [];
      const body = readFileSync(path);
      const gzip = existsSync(`${path}.gz`) ? { gzip: readFileSync(`${path}.gz`) } : {};
      return [
        [name, { body, ...gzip, type, tag: `"${hash('sha256', body, 'base64url')}"`, isHashed: HASHED.test(name) }],
      ];
    }),
  );
}

/** `GET /console/…`: the pages, which have nothing of anybody's, and ask for nothing that is not here. */
export function addPages(app: ApiApp, pages: Pages): void {
  app.get('/console', (c) => c.redirect(ROOT, 308));
  for (const path of [TELEGRAM_PAGE, `${TELEGRAM_PAGE}/*`]) {
    app.get(path, (c) => answer(c, pages, INDEX, CSP_IN_TELEGRAM));
  }
  app.get('/console/*', (c) => {
    const name = c.req.path.slice(ROOT.length);
    const isFile = pages.has(name) && name !== INDEX;
    // An address within the pages is theirs to understand, also where an id has a dot; what looks like a file of the build is none.
    if (!isFile && FILE.test(name)) return c.notFound();
    return answer(c, pages, isFile ? name : INDEX, CSP);
  });
}

function answer(c: Context<ApiEnv>, pages: Pages, name: string, csp: string): Response {
  const page = pages.get(name);
  if (page === undefined) return problem(503, NOT_BUILT);
  const headers: Record<string, string> = {
    'content-type': page.type,
    'cache-control': page.isHashed ? 'public, max-age=31536000, immutable' : 'no-store',
    'content-security-policy': csp,
    'permissions-policy': NO_FEATURES,
    vary: 'accept-encoding',
  };
  if (!page.isHashed) return c.body(...encoded(c, page, headers));
  headers.etag = page.tag;
  const isKnown = isOneOf(c.req.header('if-none-match'), page.tag);
  return isKnown ? c.body(null, 304, headers) : c.body(...encoded(c, page, headers));
}

/** Whether a browser, or a proxy that has compressed it itself and calls it weak, has this one. */
function isOneOf(known: string | undefined, tag: string): boolean {
  const tags = known?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(tag) || tags.includes('*');
}

function encoded(c: Context<ApiEnv>, { body, gzip }: Page, headers: Record<string, string>) {
  const takesGzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(c.req.header('accept-encoding') ?? '');
  const isGzip = gzip !== undefined && takesGzip;
  const bytes = Uint8Array.from(isGzip ? gzip : body);
  return [bytes, 200, { ...headers, ...(isGzip ? { 'content-encoding': 'gzip' } : {}) }] as const;
}

const INDEX = 'index.html';
/** Where the build puts files: at the root, and what belongs to the pages below `assets/`. */
const FILE = /^(assets\/.*|[^/]*\.[^/]*)$/;
/** As the build names what it made from: the content is in the name. */
const HASHED = /(^|\/)assets\/[^/]+-[A-Za-z0-9_-]{8,}\.\w+$/;

const TYPES: Record<string, string | undefined> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Scripts, styles and data of our own, none of them within the page; nobody frames it. */
const OUR_OWN = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];
const CSP = [...OUR_OWN, "frame-ancestors 'none'"].join('; ');
/** Telegram's web client shows the page in a frame; its apps in a window of their own. */
const CSP_IN_TELEGRAM = [...OUR_OWN, 'frame-ancestors https://web.telegram.org'].join('; ');

const NO_FEATURES = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb']
  .map((feature) => `${feature}=()`)
  .join(', ');

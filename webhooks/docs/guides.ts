import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Policy } from '../../src/policy.ts';
import type { ApiApp } from '../dependencies.ts';
import { rulesWith } from '../rules.ts';
import { shippedFile } from '../shipped.ts';
import { renderGuide } from './markdown.ts';
import { GUIDES, type GuideName, navigation, STYLE, STYLE_PATH } from './page.ts';

/**
 * `GET /docs/NAME`: the guides of docs/ beside the reference, without a key, and from here alone. The rules have the numbers of
 * this deployment.
 */
export function addGuides(app: ApiApp, deps: { policy?: Policy; currency: string }): void {
  app.get(STYLE_PATH, (c) =>
    c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' }),
  );
  for (const name of Object.keys(GUIDES) as GuideName[]) {
    let page: string | undefined;
    app.get(`/docs/${name}`, (c) => {
      page ??= pageOf(name, name === 'rules' ? rulesWith(deps) : readGuide(name));
      return c.html(page, 200, { 'content-security-policy': NOTHING_ELSE, 'cache-control': 'no-cache' });
    });
  }
}

/** A guide as it is written. It lies beside the built code, where the build copies it, or else in docs. */
export function readGuide(name: GuideName): string {
  const source = () => fileURLToPath(new URL(`../../docs/${name}.md`, import.meta.url));
  return readFileSync(shippedFile(import.meta.url, `./${name}.md`, source), 'utf8');
}

const NAMES = new Set<string>(Object.keys(GUIDES));

function pageOf(name: GuideName, markdown: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${GUIDES[name]} · settlebot</title>
    <link rel="stylesheet" href="${STYLE_PATH}">
  </head>
  <body>
${navigation(name)}
<main>
${renderGuide(markdown, NAMES)}</main>
  </body>
</html>
`;
}

/** The page runs nothing, and fetches its styles alone. */
const NOTHING_ELSE = [
  "default-src 'none'",
  "style-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

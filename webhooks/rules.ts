import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { marked, type Tokens, type TokensList } from 'marked';

import { formatMoney } from '../src/kernel/money.ts';
import { defaultPolicy, type Policy } from '../src/policy.ts';
import type { ApiApp } from './dependencies.ts';
import { shippedFile } from './shipped.ts';

/**
 * `GET /rules`: the rules (docs/rules.md) for whoever they apply to, with the numbers of this deployment's policy in the place of
 * the defaults. No key is asked for: nothing in it is anybody's.
 */
export function addRules(app: ApiApp, deps: { policy?: Policy; currency: string }): void {
  let page: string | undefined;
  app.get('/rules', (c) => {
    page ??= pageOf(rulesWith(deps));
    return c.html(page, 200, { 'content-security-policy': NOTHING_ELSE, 'cache-control': 'no-cache' });
  });
}

/** The rules with the numbers of a deployment, or else the defaults, in Markdown. */
export function rulesWith({ policy = defaultPolicy, currency }: { policy?: Policy; currency: string }): string {
  return rulesFor(readRules(), policy, currency);
}

/** The rules as they are written, with defaults. They stand beside the built code, where the build copies them, or else in docs. */
export function readRules(): string {
  const source = () => fileURLToPath(new URL('../docs/rules.md', import.meta.url));
  return readFileSync(shippedFile(import.meta.url, './rules.md', source), 'utf8');
}

/** A number of the policy in docs/rules.md, and what stands for it there: that of the default. */
const NUMBER = /<!--policy ([\w.]+)-->(.*?)<!--\/-->/gs;

/** The rules in Markdown with the numbers of a policy; those that are not the defaults are bold. Throws for a number that no policy has. */
export function rulesFor(rules: string, policy: Policy, currency: string): string {
  return rules.replace(NUMBER, (_, path: string) => {
    const [set, usual] = [policy, defaultPolicy].map((one) => wordsOf(path, numberAt(one, path), currency));
    return set === usual ? String(set) : `<b>${set}</b>`;
  });
}

/** The numbers that the rules name, with what they say where nothing is set otherwise. */
export function numbersIn(rules: string): { path: string; said: string }[] {
  return [...rules.matchAll(NUMBER)].map(([, path = '', said = '']) => ({ path, said }));
}

function numberAt(policy: Policy, path: string): unknown {
  const value = path
    .split('.')
    .reduce<unknown>((at, name) => (typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined), policy);
  if (value === undefined) throw new RangeError(`docs/rules.md names ${path}, which the policy does not have`);
  return value;
}

const AMOUNTS = ['sanctions.overdueTotal'];

function wordsOf(path: string, value: unknown, currency: string): string {
  if (path === 'invoicing.levels') return levelWords(value as Policy['invoicing']['levels'], currency);
  if (AMOUNTS.includes(path)) return formatMoney(Number(value), currency);
  if (path.startsWith('trust.') && path !== 'trust.start') return signed(Number(value));
  return String(value);
}

function levelWords(levels: Policy['invoicing']['levels'], currency: string): string {
  if (levels.length === 0) return 'none';
  return levels.map(({ volume, bps }) => `from ${formatMoney(volume, currency)}: ${bps}`).join(', ');
}

function signed(value: number): string {
  return value < 0 ? `−${-value}` : `+${value}`;
}

/** Each part and each rule of it can be pointed at by its number, as `/rules#4` and `/rules#4.5`. */
function pageOf(markdown: string): string {
  const body = marked
    .parser(numbered(marked.lexer(markdown)))
    // The files that the Markdown points to are not served.
    .replace(/<a href="(?!#)[^"]*">(.*?)<\/a>/g, '$1');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>The rules</title>
    <style>${STYLE}</style>
  </head>
  <body>
${body}  </body>
</html>
`;
}

/** The same with the number of each part and rule as its place; a rule stands in a list below the heading of its part. */
function numbered(tokens: TokensList): TokensList {
  let part = '';
  return Object.assign(
    tokens.map((token) => {
      if (token.type === 'heading' && token.depth === 2) {
        part = /^\d+/.exec(token.text)?.[0] ?? '';
        return part === '' ? token : { ...token, tokens: [placeOf(part), ...(token.tokens ?? [])] };
      }
      if (token.type !== 'list' || !token.ordered || part === '') return token;
      const first = Number(token.start) || 1;
      const items = (token as Tokens.List).items.map((item, index) => ({
        ...item,
        tokens: [placeOf(`${part}.${first + index}`), ...item.tokens],
      }));
      return { ...token, items };
    }),
    { links: tokens.links },
  );
}

/** What an address ends with to lead here: `#4.5`. */
function placeOf(number: string): Tokens.HTML {
  const text = `<a id="${number}"></a>`;
  return { type: 'html', raw: text, text, pre: false, block: false };
}

const STYLE =
  'body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif;color:#1c1e21;background:#fff}' +
  'h1,h2{line-height:1.25}h2{margin-top:2.5rem}li{margin:.6rem 0}code{font-size:.9em;background:#f1f3f5;padding:.1em .3em;border-radius:.25em}' +
  'b{background:#fff3bf}@media(prefers-color-scheme:dark){body{color:#e8eaed;background:#17191c}code{background:#26292e}b{background:#5c4700}}';

/** The page fetches nothing and runs nothing; its one style is known by its hash. */
const NOTHING_ELSE = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

import { describe, expect, it } from 'vitest';

import { policySchema } from '../../../src/policy.ts';
import { newApiApp } from '../../../webhooks/api/api.ts';
import { addGuides } from '../../../webhooks/docs/guides.ts';
import { renderGuide } from '../../../webhooks/docs/markdown.ts';
import { GUIDES } from '../../../webhooks/docs/page.ts';
import { addDocs } from '../../../webhooks/docs/reference.ts';

const app = newApiApp();
addGuides(app, { currency: 'USD' });
addDocs(app);

const names = Object.keys(GUIDES);
const pages = new Map<string, string>();
for (const name of names) pages.set(`/docs/${name}`, await (await app.request(`/docs/${name}`)).text());

describe('a guide', () => {
  it.each(names)('%s needs no key, runs nothing, and fetches its styles from here alone', async (name) => {
    const answer = await app.request(`/docs/${name}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'self'");
    const page = await answer.text();
    expect(page).not.toMatch(/<script|<img|<iframe|<style|\ssrc=|\sstyle=|\son\w+=|<!--/);
    expect([...page.matchAll(/<link [^>]*href="([^"]*)"/g)].map(([, href]) => href)).toEqual(['/docs/style.css']);
  });

  it.each(names)('%s has no link that leads nowhere', (name) => {
    const page = pages.get(`/docs/${name}`) ?? '';
    const broken = [...page.matchAll(/<a href="([^"]*)"/g)].flatMap(([, href = '']) => {
      if (href.startsWith('https://') || href === '/docs') return [];
      const [path, heading] = href.split('#');
      const target = path === '' ? page : pages.get(path ?? '');
      if (target === undefined) return [href];
      return heading === undefined || target.includes(`id="${heading}"`) ? [] : [href];
    });
    expect(broken).toEqual([]);
  });

  it('leads to every other, and so does the reference', async () => {
    for (const page of [...pages.values(), await (await app.request('/docs')).text()]) {
      for (const path of ['/docs', ...pages.keys()]) expect(page).toContain(`<a href="${path}"`);
    }
    expect((await app.request('/docs/style.css')).headers.get('content-type')).toContain('text/css');
    expect((await app.request('/docs/nothing')).status).toBe(404);
  });

  it('has the numbers of the deployment where it has the rules', async () => {
    const policy = policySchema.parse({ invoicing: { dueDays: 5 } });
    const deployed = newApiApp();
    addGuides(deployed, { policy, currency: 'USD' });
    expect(await (await deployed.request('/docs/rules')).text()).toContain(
      'Due <strong><b>5</b> calendar days</strong>',
    );
  });
});

describe('what stands in a text', () => {
  const html = (markdown: string) => renderGuide(markdown, new Set(['events']));

  it.each([
    '<script>alert(1)</script>',
    'text <img src=x onerror=alert(1)> text',
    '<b onclick=alert(1)>x</b>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html,<script>1</script>)',
    '[x](//elsewhere.example)',
    '[x](http://elsewhere.example)',
    '![x](https://elsewhere.example/x.png)',
    '[x](<https://a.example/"onmouseover="alert(1)>)',
    '`<script>`',
    '```html\n</code><script>alert(1)</script>\n```',
    '```x"><script>alert(1)</script>\ntext\n```',
    '## <script>alert(1)</script>',
    '<!-- a --><script>alert(1)</script>',
    '| a |\n|---|\n| <script>alert(1)</script> |',
  ])('never becomes markup that acts: %s', (markdown) => {
    const rendered = html(markdown);
    expect(rendered).not.toMatch(/<script|<img|<b on|"\s*on\w+=|href="(?!https:\/\/|#|\/docs\/)/i);
  });

  it('is bold where a number is not the default, and a link where it leads to a page', () => {
    expect(html('**<b>5</b>**')).toContain('<b>5</b>');
    expect(html('[a](events.md#in-people) [b](../SECURITY.md) [c](#x) [d](decisions/0001-x.md)')).toBe(
      '<p><a href="/docs/events#in-people">a</a> b <a href="#x">c</a> d</p>\n',
    );
  });

  it('has headings that are named as on GitHub', () => {
    const headings = html('## In: people\n\n### `account.updated`\n\n## A & b\n\n## In: people\n');
    expect([...headings.matchAll(/id="([^"]*)"/g)].map(([, id]) => id)).toEqual([
      'in-people',
      'accountupdated',
      'a--b',
      'in-people-1',
    ]);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';
import { deepTest, sampleOf } from '../support/depth.ts';

const folder = mkdtempSync(join(tmpdir(), 'settlebot-links-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a page that links to `links`, beside one with the heading "Some words", and checks both. */
function check(...links: string[]) {
  writeFileSync(join(folder, 'other.md'), '# Some words\n');
  writeFileSync(
    join(folder, 'page.md'),
    `# Page\n\n| a | table |\n|---|---|\n${links.map((to) => `| ${to} | |\n`).join('')}`,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/checkLinks.mjs', folder], {
    encoding: 'utf8',
  });
  return { status, output: `${stdout}${stderr}` };
}

describe('the check of links', () => {
  test('passes where every file and heading exists, and looks at no other site', () => {
    const { status, output } = check(
      '[a](other.md)',
      '[b](other.md#some-words)',
      '[c](#page)',
      '[d](https://host.example/x)',
    );
    expect(output).toBe('2 Markdown files checked\n');
    expect(status).toBe(0);
  });

  test.each(
    sampleOf(
      [
        ['a file that does not exist', '[a](missing.md)', 'missing.md'],
        ['a picture that does not exist', '![a](missing.png)', 'missing.png'],
        ['a heading that another page does not have', '[a](other.md#some-word)', '#some-word'],
        ['a heading that the page does not have', '[a](#elsewhere)', '#elsewhere'],
      ],
      1,
    ),
  )('fails on %s', (_, link, named) => {
    const { status, output } = check(link);
    expect(output).toContain(named);
    expect(status).toBe(1);
  });

  deepTest('fails on a picture in HTML, which it could not check', () => {
    const { status, output } = check('<img src="other.md">');
    expect(output).toContain('src=');
    expect(status).toBe(1);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { actWords } from '../../console/src/acts.ts';
import { createFormats } from '../../console/src/format.ts';
import { auditColumns } from '../../console/src/ui/auditColumns.tsx';
import { AUDIT_ACTS } from '../../src/audit/acts.ts';
import { LANGUAGES } from '../../src/texts/languages.ts';
import { toolsIn } from './textsOf.ts';

/** What the trail names, in words; without a browser. */

const FOLDER = new URL('../../', import.meta.url);

describe('an act of the trail', () => {
  test.each(LANGUAGES)('has words in %s, whichever the service writes, and no words are of none', (language) => {
    const { texts, ...tools } = toolsIn(language);
    const words = AUDIT_ACTS.map((act) => actWords(act, tools));
    expect(words.filter((one, index) => one === AUDIT_ACTS[index])).toEqual([]);
    expect(new Set(words).size).toBe(AUDIT_ACTS.length);
    const keys = Object.keys(texts).filter((key) => key.startsWith('acts.'));
    expect(keys.sort()).toEqual(AUDIT_ACTS.map((act) => `acts.${act.replaceAll('.', '_')}`).sort());
    for (const key of keys) expect(texts[key]).not.toMatch(/[{}]/);
  });

  test('that the sources name is one of the list', () => {
    const files = ['src', 'webhooks', 'jobs', 'bots'].flatMap((folder) =>
      readdirSync(new URL(`${folder}/`, FOLDER), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `${folder}/${file}`),
    );
    const named = files.flatMap((file) => {
      const text = readFileSync(new URL(file, FOLDER), 'utf8');
      // Beside whom or what it is about, as the trail has it.
      return /\baudit\b|AuditRecord|AuditAct|trail\b/i.test(text)
        ? [...text.matchAll(/\baction: (?:[^\n]*? \? )?'([a-z_]+\.[a-z._-]+)'(?: : '([a-z_]+\.[a-z._-]+)')?/g)].flatMap(
            ([, one, other]) => [one, other].filter((act) => act !== undefined),
          )
        : [];
    });
    expect(named.length).toBeGreaterThan(25);
    expect(named.filter((act) => !APPROVED.has(act) && !(AUDIT_ACTS as readonly string[]).includes(act))).toEqual([]);
  });

  test('of which nobody knows words is called by its code', () => {
    expect(actWords('invoice.bent', toolsIn('en'))).toBe('invoice.bent');
    expect(actWords('invoice.write-off', toolsIn('en'))).toBe('Invoice written off');
  });

  test('is sorted by its words', () => {
    const { texts: _, ...tools } = toolsIn('uk');
    const [what] = auditColumns({
      ...tools,
      format: createFormats({ locale: 'uk', timeZone: 'UTC', currency: 'USD' }),
    });
    const act = { auditId: '1', at: '', actor: 'ops', action: 'invoice.void', subject: 's', reason: null };
    expect(what?.sortBy?.({ ...act, before: null, after: null })).toBe('Рахунок анульовано');
  });
});

/** What it takes two people for, which the trail has asked for and approved. */
const APPROVED = new Set(['payout.settle', 'payout.approve', 'payout.fail']);

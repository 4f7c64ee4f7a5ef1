import { describe, expect, it } from 'vitest';

import { RULE_SECTIONS } from '../../src/notices/messages/rules.ts';
import { defaultPolicy, policySchema } from '../../src/policy.ts';
import { newApiApp } from '../../webhooks/api/api.ts';
import { addRules, numbersIn, readRules, rulesFor } from '../../webhooks/rules.ts';

const written = readRules();

describe('the rules as people read them', () => {
  it('say the defaults as they are written', () => {
    const numbers = numbersIn(written);
    expect(numbers.length).toBeGreaterThan(20);
    for (const { path, said } of numbers) {
      const number = `<!--policy ${path}-->${said}<!--/-->`;
      expect(rulesFor(number, defaultPolicy, 'USD').replaceAll('$', '')).toBe(said);
    }
  });

  it('say what a deployment has set, and mark it', () => {
    const policy = policySchema.parse({
      invoicing: { dueDays: 5, levels: [{ volume: 100_000, bps: 50 }] },
      sanctions: { overdueTotal: 12_345 },
      trust: { late: -7, onTime: 0 },
    });
    const rules = rulesFor(written, policy, 'EUR');
    expect(rules).toContain('Due **<b>5</b> calendar days** after issue');
    expect(rules).toContain('**<b>€123.45</b>**');
    expect(rules).toContain('<b>−7</b> for each that goes overdue');
    expect(rules).toContain('<b>+0</b> for each invoice completed');
    expect(rules).toContain('<b>from €1,000.00: 50</b>');
    expect(rules).toContain('**72 hours** to answer');
    expect(rules).not.toContain('<!--policy');
  });

  it('name no number that the policy does not have', () => {
    expect(() => rulesFor('<!--policy sanctions.nothing-->1<!--/-->', defaultPolicy, 'USD')).toThrow(
      'docs/rules.md names sanctions.nothing',
    );
  });

  it('are a page that needs no key and fetches nothing', async () => {
    const app = newApiApp();
    addRules(app, { currency: 'USD' });
    const answer = await app.request('/rules');
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).toContain('<h2><a id="4"></a>4. CPL orders</h2>');
    expect(page).not.toMatch(/<script|src=|href="(?!#)/);
  });

  it('have a place for each rule that messages lead to, at the rule of that number', async () => {
    const app = newApiApp();
    addRules(app, { currency: 'USD' });
    const page = await (await app.request('/rules')).text();
    for (const section of RULE_SECTIONS) expect(page.split(`id="${section}"`)).toHaveLength(2);
    const at = (section: string) =>
      page
        .split(`<a id="${section}"></a>`)[1]
        ?.replace(/<[^>]*>/g, '')
        .trim();
    expect(at('1.10')).toMatch(/^Due 3 calendar days/);
    expect(at('2.1')).toMatch(/^Campaigns are paused while/);
    expect(at('4.5')).toMatch(/^A fan counts who is new/);
    expect(at('5.4')).toMatch(/^Refunds dated before the charge is firm/);
    expect(at('6.5')).toMatch(/^What an account earned as a marketer/);
  });
});

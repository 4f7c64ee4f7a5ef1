import { decimalMoney, type MinorUnits } from '../kernel/money.ts';
import { oneLine, shorten } from '../kernel/text.ts';
import type { Posting } from '../ledger/entry.ts';

/** An entry as books have it: with the day on which it takes effect. */
export type BookedEntry = {
  entryId: string;
  /** In the platform's zone, `2026-11-23`. */
  day: string;
  effectiveAt: Date;
  recordedAt: Date;
  postings: Posting[];
  reason?: string | undefined;
  eventId?: string | undefined;
  reverses?: string | undefined;
};

/**
 * Entries in the syntax of Beancount. An account is opened where it is met first: Beancount goes by dates, not by lines. What an
 * account of ours gets is a credit, which Beancount writes with a minus.
 */
export function createBeancount({ currency, from, title }: { currency: string; from: string; title: string }) {
  const opened = new Set<string>();

  function head(): string {
    return `option "title" ${quoted(title)}\noption "operating_currency" "${currency}"\n`;
  }

  function transaction(entry: BookedEntry): string {
    const { entryId, day, postings, reason, eventId, reverses } = entry;
    const fresh = postings.map(({ account }) => account).filter((account) => !opened.has(account));
    for (const account of fresh) opened.add(account);
    const notes: [string, string | undefined][] = [
      ['entry', entryId],
      ['effective', entry.effectiveAt.toISOString()],
      ['recorded', entry.recordedAt.toISOString()],
      ['event', eventId],
      ['reverses', reverses],
    ];
    return [
      ...fresh.map(
        (account) => `\n${from} open ${beancountAccount(account)} ${currency}\n  account: ${quoted(account)}\n`,
      ),
      `\n${day} * ${quoted(reason ?? entryId)}\n`,
      ...notes.flatMap(([key, value]) => (value === undefined ? [] : [`  ${key}: ${quoted(value)}\n`])),
      ...postings.map(({ account, amount }) => `  ${beancountAccount(account)}  ${amountOf(amount)} ${currency}\n`),
    ].join('');
  }

  function amountOf(amount: MinorUnits): string {
    return decimalMoney(-amount, currency);
  }

  return { head, transaction };
}

/** Where an account of ours stands in a chart of accounts, by its class; its id stands below. */
const PARENTS: Record<string, string> = {
  model: 'Liabilities:Models',
  credit: 'Liabilities:Credits',
  marketer: 'Liabilities:Marketers',
  affiliate: 'Liabilities:Affiliates',
  escrow: 'Liabilities:Escrow',
};

/** Accounts that have a meaning of their own: what flows in from the world and out to it is money of ours. */
const OWN: Record<string, string> = {
  'platform:invoiced': 'Liabilities:Invoiced',
  'platform:discounts': 'Expenses:Discounts',
  'platform:commissions': 'Expenses:Commissions',
  'world:topups': 'Assets:TopUps',
  'world:payouts': 'Assets:Payouts',
  'world:settlements': 'Assets:Settlements',
};

/** The name of an account in Beancount; two of ours never have the same. */
export function beancountAccount(account: string): string {
  const own = OWN[account];
  if (own !== undefined) return own;
  const colon = account.indexOf(':');
  const [kind, id] = [account.slice(0, colon), account.slice(colon + 1)];
  if (kind === 'platform') return `Expenses:Platform:${component(id)}`;
  return `${PARENTS[kind] ?? 'Assets:World'}:${component(id)}`;
}

/**
 * An id as a part of a name, which begins with a capital or a digit and has letters, digits and hyphens alone. Two ids never
 * give the same: a hyphen is doubled, any other sign is `-x` and its code, and an id that began otherwise than with
 * a small letter or a digit says so at its end.
 */
function component(id: string): string {
  const safe = id.replaceAll(/[^A-Za-z0-9]/gu, (sign) => (sign === '-' ? '--' : escaped(sign)));
  if (/^[a-z]/.test(safe)) return `${safe.charAt(0).toUpperCase()}${safe.slice(1)}`;
  if (/^\d/.test(safe)) return safe;
  return /^[A-Z]/.test(safe) ? `${safe}-U` : `X${safe}-S`;
}

function escaped(sign: string): string {
  return [...Buffer.from(sign)].map((byte) => `-x${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

const TEXT_LENGTH = 500;

function quoted(text: string): string {
  return `"${shorten(oneLine(text), TEXT_LENGTH).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

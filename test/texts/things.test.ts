import { describe, expect, it } from 'vitest';

import { LANGUAGES } from '../../src/texts/languages.ts';
import { paydayOf, thingsOf } from '../../src/texts/things.ts';

const DISPLAY = { timeZone: 'Europe/Berlin', currency: 'USD', thisYear: 2026 };
const PAID = new Date('2026-05-31T22:30:00Z');
const ORDER = { quantity: 100, client: 'Elena', marketer: 'Marco' };

/** Intl writes spaces that do not break. */
const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, ' ');

function names(locale: string, thisYear = 2026) {
  const things = thingsOf({ ...DISPLAY, locale, thisYear });
  return [
    things.invoice('2026-W10'),
    things.order({ ...ORDER, to: 'marketer' }),
    things.order({ ...ORDER, to: 'client' }),
    things.commission({ commissionId: 's1~first', paidAt: PAID }),
    things.commission({ commissionId: 's1~charge~reversal', paidAt: PAID }),
    things.commission({ commissionId: 's1~first~reversal~1', paidAt: PAID }),
    things.payout(paydayOf('2026-06-16:felix')),
  ].map(plain);
}

describe('what has an id is called by words', () => {
  it.each([
    [
      'en',
      ['week 2–8 Mar', '100 fans from Elena', '100 fans by Marco'],
      ['Subscription of 1 Jun', 'Renewal of 1 Jun', 'Correction: subscription of 1 Jun', 'payout of 16 Jun'],
    ],
    [
      'ru',
      ['неделя 2–8 марта', '100 фанов, клиент Elena', '100 фанов, маркетолог Marco'],
      ['Подписка от 1 июня', 'Продление от 1 июня', 'Корректировка: подписка от 1 июня', 'выплата от 16 июня'],
    ],
    [
      'uk',
      ['тиждень 2–8 березня', '100 фанів, клієнт Elena', '100 фанів, маркетолог Marco'],
      [
        'Підписка від 1 червня',
        'Продовження від 1 червня',
        'Виправлення: підписка від 1 червня',
        'виплата від 16 червня',
      ],
    ],
    [
      'es',
      ['semana del 2 al 8 de marzo', '100 fans para Elena', '100 fans a cargo de Marco'],
      [
        ...['Suscripción del 1 de junio', 'Renovación del 1 de junio', 'Corrección: suscripción del 1 de junio'],
        'liquidación del 16 de junio',
      ],
    ],
    [
      'pt-BR',
      ['semana de 2 a 8 de março', '100 fãs para Elena', '100 fãs por Marco'],
      [
        ...['Assinatura de 1 de junho', 'Renovação de 1 de junho', 'Correção: assinatura de 1 de junho'],
        'repasse de 16 de junho',
      ],
    ],
  ])('%s', (locale, first, then) => expect(names(locale)).toEqual([...first, ...then]));

  it('names the year where it is not the one in which it is read, or nobody knows which that is', () => {
    const { thisYear: _, ...unknown } = DISPLAY;
    expect(thingsOf(unknown).invoice('2026-W10')).toBe('week 2–8 Mar 2026');
    for (const locale of LANGUAGES) {
      expect(names(locale, 2027).join()).toMatch(/2026.*2026.*2026.*2026.*2026/);
      expect(names(locale).join()).not.toContain('2026');
    }
    expect(thingsOf(DISPLAY).invoice('2026-W53')).toBe('week 28 Dec 2026 – 3 Jan 2027');
    expect(plain(thingsOf({ ...DISPLAY, locale: 'es' }).invoice('2026-W40'))).toBe(
      'semana del 28 de septiembre al 4 de octubre',
    );
  });
});

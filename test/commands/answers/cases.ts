import type { Role } from '../../../src/events/catalogue.ts';
import type { CommandName } from '../../../src/texts/speech.ts';
import { type Fixture, REASON } from './fixture.ts';

/** Who says what, and how it comes: typed, by a button, in a forwarded message. What is asked then is answered where `confirm` says so. */
export type Case = {
  said: string;
  as?: keyof Fixture['ids'];
  how?: 'press' | 'forwarded';
  /** The question that is asked is answered: at once and then again, or too late. */
  confirm?: 'now' | 'late';
  /** What is in the file that comes with it, or why none comes. */
  file?: string;
};

/** What people of a role say with a command, in an order in which each can happen. */
type Cases = { [Name in CommandName]: Partial<Record<Role, (string | Case)[]>> };

/** Every command that there is, for each role that has it: a new one stands here, or this does not compile. */
export function casesOf(fixture: Fixture): Cases {
  const { ids, order, invoices, big, credited, paid, voided, writtenOff, outside, stuck, parked, id } = fixture;
  const [, , first = '', second = '', third = '', , , last = ''] = invoices;
  const ended = [credited, paid, voided, writtenOff, outside];
  const unpaid = `2026-W07:${ids.zoe}`;
  const payout = `2026-04-01:${ids.alla}`;
  const marcos = `2026-04-01:${ids.marco}`;
  const failed = `2026-03-16:${ids.alla}`;
  const commissions = ['early', 'gone', 'asked', 'held', 'sale-a'].map((short) => `${id(short)}~first`);
  const said = (file: string, date = ''): Case => ({ said: `/results ${date}`, file });
  const unknown = Array.from({ length: 6 }, (_, index) => `2026-04-01:nobody-${index},paid,5`);
  const results = ['payoutId,status,amount', `${marcos},pending,`, `${payout},paid,0.01`, ...unknown].join('\n');
  return {
    help: { model: ['/help'], marketer: ['/help'], affiliate: ['/help'], manager: ['/help', '/nonsense', 'как дела?'] },
    invoices: { model: ['/invoices', `/invoices ${first}`, '/invoices 2020-W01', by('/invoices', 'new')] },
    invoice: {
      model: ['/invoice', ...[first, big, ...ended].map((one) => `/invoice ${one}`), '/invoice 2026-W99'],
      manager: ['/invoice', ...[first, big, ...ended].map((one) => `/invoice ${one}`), '/invoice x'],
    },
    balance: { model: ['/balance', by('/balance', 'new'), by('/balance', 'zoe')] },
    pay: {
      model: [
        ...[
          '/pay',
          `/pay ${paid}`,
          `/pay ${voided}`,
          `/pay ${writtenOff}`,
          `/pay ${credited}`,
          `/pay ${first}`,
          '/pay x',
          `/pay ${big}`,
        ],
        ...[press(`/pay ${second}`), { said: `pay ${third}` }, forwarded(`/pay ${third}`), by('/pay', 'new')],
        confirmed(press(`/pay ${third}`), 'late'),
        confirmed(press(`/pay ${third}`)),
        `/pay ${third} again`,
      ],
    },
    promise: {
      model: [
        ...[
          '/promise',
          '/promise x',
          `/promise ${paid}`,
          `/promise ${big}`,
          `/promise ${first}`,
          by('/promise', 'new'),
        ],
        ...[`/promise ${first} bald`, `/promise ${first} 2020-01-01`, `/promise ${first} 2036-01-01`],
        ...[forwarded(`/promise ${first} parts`), `/promise ${first} parts`, press(`/promise ${first} parts`)],
        ...[`/promise ${second} 3d`, `/promise ${first}`, `/why ${first}`, '/standing', `/invoice ${first}`],
      ],
    },
    standing: { model: ['/standing', by('/standing', 'zoe'), by('/standing', 'new')] },
    myorders: {
      model: [by('/myorders', 'kim'), by(`/myorders ${order.runs}`, 'kim'), '/myorders', by('/myorders 2020', 'kim')],
    },
    orders: {
      marketer: [
        ...['/orders', '/orders answer 5', '/orders queue 0', '/orders running 0', '/orders running 5', '/orders all'],
        ...['/orders all 2020', by('/orders', 'idle'), by('/orders all', 'idle')],
      ],
    },
    accept: {
      marketer: [
        ...['/accept', '/accept x', `/accept ${order.runs}`, `/accept ${order.expired}`, `/accept ${order.cancelled}`],
        ...[forwarded(`/accept ${order.accepts}`), confirmed(press(`/accept ${order.accepts}`), 'late')],
        confirmed(press(`/accept ${order.accepts}`)),
        confirmed(press(`/accept ${order.short}`)),
        `/accept ${order.short} more`,
      ],
    },
    reject: {
      marketer: [
        ...['/reject', '/reject x', `/reject ${order.rejects}`, forwarded(`/reject ${order.rejects} ${REASON}`)],
        ...[`/reject ${order.runs}`, `/reject ${order.rejects} ${REASON}`, `/reject ${order.rejects}`],
        press(`/reject ${order.rejected} no reason`),
      ],
    },
    chart: { model: ['/chart', by('/chart', 'new')], marketer: ['/chart', by('/chart', 'idle')], manager: ['/chart'] },
    earnings: {
      marketer: ['/earnings', '/earnings 5', by('/earnings', 'idle')],
      affiliate: ['/earnings'],
    },
    commissions: { affiliate: ['/commissions', `/commissions ${commissions[4]}`, '/commissions 2020'] },
    nextpayday: { affiliate: ['/nextpayday'] },
    payouts: {
      affiliate: ['/payouts', '/payouts 2020'],
      marketer: ['/payouts', by('/payouts', 'idle')],
      model: ['/payouts'],
    },
    dispute: {
      affiliate: ['/dispute', '/dispute 1'],
      marketer: [
        ...[confirmed(by('/dispute', 'idle'), 'late'), confirmed(by('/dispute', 'idle'))],
        ...[by('/dispute', 'idle'), by('/payouts', 'idle')],
      ],
      model: ['/dispute'],
    },
    statement: {
      affiliate: ['/statement', `/statement ${payout}`, `/statement ${failed}`, '/statement x'],
      marketer: ['/statement', `/statement ${marcos}`],
      model: ['/statement', '/statement x'],
      manager: ['/statement', `/statement ${payout}`, '/statement x'],
    },
    overdue: {
      manager: [
        ...[
          '/overdue',
          '/overdue 20',
          '/overdue 3 1',
          '/overdue 0 1',
          '/overdue 999',
          '/overdue 999 999999',
          '/overdue soon',
        ],
        ...['/overdue 3 viel', `/overdue 0 0 ${first}`],
      ],
    },
    model: { manager: ['/model', '/model x', ...[ids.ava, ids.zoe, ids.new, ids.mute].map((one) => `/model ${one}`)] },
    review: { manager: ['/review', `/review ${ids.zoe}`] },
    remind: {
      manager: [
        '/remind',
        '/remind x',
        `/remind ${first}`,
        `/remind ${first}`,
        `/remind 2026-W04:${ids.mute}`,
        `/remind ${paid}`,
        `/remind ${voided}`,
        `/remind ${writtenOff}`,
        `/remind ${credited}`,
      ],
    },
    refuse: {
      manager: [
        ...[
          '/refuse',
          `/refuse ${first}`,
          `/refuse x ${REASON}`,
          `/refuse ${paid} ${REASON}`,
          `/model ${ids.ava}`,
          '/overdue',
        ],
        confirmed(press(`/refuse ${first} ${REASON}`)),
        ...[`/refuse ${first} ${REASON}`, `/why ${first}`, by(`/promise ${first} 3d`, 'ava')],
      ],
    },
    grace: {
      manager: [
        ...[
          '/grace',
          `/grace ${ids.zoe}`,
          `/grace ${ids.zoe} 3d`,
          `/grace ${ids.zoe} bald ${REASON}`,
          `/grace x 3d ${REASON}`,
        ],
        ...[`/grace ${ids.zoe} 2020-01-01 ${REASON}`, `/grace ${ids.zoe} 2036-01-01 ${REASON}`],
        ...[forwarded(`/grace ${ids.zoe} 3d ${REASON}`), confirmed(press(`/grace ${ids.zoe} 3d ${REASON}`))],
        ...[`/grace ${ids.zoe} 2d ${REASON}`, `/model ${ids.zoe}`, by('/standing', 'zoe')],
      ],
    },
    keep: {
      manager: [
        ...[
          '/keep',
          `/keep ${ids.zoe}`,
          `/keep x ${REASON}`,
          `/keep ${ids.new} ${REASON}`,
          forwarded(`/keep ${ids.zoe} ${REASON}`),
        ],
        ...[confirmed(press(`/keep ${ids.zoe} ${REASON}`), 'late'), confirmed(press(`/keep ${ids.zoe} ${REASON}`))],
        ...[`/keep ${ids.zoe} ${REASON}`, `/keep ${ids.zoe}#7 ${REASON}`],
      ],
    },
    terminate: {
      manager: [
        ...[
          '/terminate',
          `/terminate ${ids.zoe}`,
          `/terminate x ${REASON}`,
          confirmed(`/terminate ${ids.zoe} ${REASON}`, 'late'),
        ],
        ...[
          confirmed(`/terminate ${ids.zoe} ${REASON}`),
          `/terminate ${ids.zoe} ${REASON}`,
          `/keep ${ids.zoe} ${REASON}`,
        ],
        ...[`/grace ${ids.zoe} 3d ${REASON}`, `/model ${ids.zoe}`, by('/standing', 'zoe'), '/review'],
      ],
    },
    void: {
      manager: [
        ...['/void', `/void ${second}`, `/void x ${REASON}`, `/void ${paid} ${REASON}`, `/void ${credited} ${REASON}`],
        ...[
          confirmed(`/void ${second} ${REASON}`, 'late'),
          confirmed(`/void ${second} ${REASON}`),
          `/void ${second} ${REASON}`,
        ],
      ],
    },
    writeoff: {
      manager: [
        ...['/writeoff', `/writeoff ${writtenOff} x`, `/writeoff x ${REASON}`, `/writeoff ${paid} ${REASON}`],
        ...[
          confirmed(`/writeoff ${last} ${REASON}`, 'late'),
          confirmed(`/writeoff ${last} +contractors ${REASON}`),
          `/writeoff ${last} ${REASON}`,
        ],
      ],
    },
    paidoutside: {
      manager: [
        ...['/paidoutside', '/paidoutside x SEPA-1', `/paidoutside ${paid} SEPA-1`, `/paidoutside ${voided} SEPA-1`],
        ...[confirmed(`/paidoutside ${unpaid} ${REASON}`, 'late'), confirmed(`/paidoutside ${unpaid} ${REASON}`)],
        `/paidoutside ${unpaid} ${REASON}`,
      ],
    },
    order: {
      manager: ['/order', '/order x', ...Object.values(order).map((one) => `/order ${one}`)],
    },
    stop: {
      manager: [
        ...['/stop', `/stop ${order.stoppable}`, `/stop x ${REASON}`, `/stop ${order.done} ${REASON}`],
        ...[confirmed(`/stop ${order.stoppable} ${REASON}`, 'late'), confirmed(`/stop ${order.stoppable} ${REASON}`)],
        confirmed(`/stop ${order.runs} ${REASON}`),
      ],
    },
    contact: {
      manager: [
        ...['/contact', `/contact ${ids.ava}`, `/contact x ${REASON}`, `/contact ${ids.olga} ${REASON}`],
        ...[
          `/contact ${ids.ava} ${REASON}`,
          `/contact ${ids.mute} ${REASON}`,
          forwarded(`/contact ${ids.ava} ${REASON}`),
        ],
      ],
    },
    reply: {
      ...{ model: ['/reply', '/reply x', '/reply msg'], marketer: ['/reply', '/reply x да'], affiliate: ['/reply'] },
      manager: ['/reply'],
    },
    quarantine: { manager: ['/quarantine', `/quarantine ${stuck[4]}`, '/quarantine 2020'] },
    replay: {
      manager: [
        '/replay',
        '/replay x',
        `/replay ${stuck[0]}`,
        `/replay ${stuck[0]}`,
        `/replay account-${ids.ava}`,
        `/replay ${parked}`,
        `/replay ${parked}`,
        forwarded(`/replay ${stuck[1]}`),
      ],
    },
    dismiss: {
      manager: [
        ...['/dismiss', `/dismiss ${stuck[2]}`, `/dismiss x ${REASON}`, `/dismiss account-${ids.ava} ${REASON}`],
        ...[`/dismiss ${stuck[2]} ${REASON}`, `/dismiss ${stuck[2]} ${REASON}`],
      ],
    },
    health: { manager: ['/health'] },
    hold: {
      manager: [
        ...['/hold', `/hold ${payout}`, `/hold ${payout} 3d`, `/hold ${payout} bald ${REASON}`, `/hold x 3d ${REASON}`],
        ...[`/hold ${failed} 3d ${REASON}`, `/hold ${marcos} 2020-01-01 ${REASON}`],
        ...[forwarded(`/hold ${marcos} 3d ${REASON}`), confirmed(press(`/hold ${marcos} 3d ${REASON}`))],
        ...[`/hold ${marcos} 2d ${REASON}`, `/why ${marcos}`, `/settle ${marcos} WIRE`, by(`/why ${marcos}`, 'marco')],
        ...[
          confirmed(press(`/hold ${ids.marco} 3d ${REASON}`)),
          confirmed(press(`/hold ${ids.alla} 3d ${REASON}`), 'late'),
        ],
      ],
    },
    release: {
      manager: [
        ...['/release', `/release ${payout}`, `/release x ${REASON}`, `/release ${ids.alla} ${REASON}`],
        ...[confirmed(press(`/release ${marcos} ${REASON}`)), `/release ${marcos} ${REASON}`],
        ...[confirmed(press(`/release ${ids.marco} ${REASON}`)), `/why ${marcos}`],
      ],
    },
    check: { manager: ['/check', '/check bald', '/check 2036-04-01', '/check 2026-04-01', '/cycle 2026-04-01'] },
    exclude: {
      manager: [
        ...['/exclude', `/exclude ${payout}`, `/exclude x ${REASON}`, `/exclude ${failed} ${REASON}`],
        ...[confirmed(press(`/exclude ${marcos} ${REASON}`)), `/exclude ${marcos} ${REASON}`, '/cycle 2026-04-01'],
      ],
    },
    include: {
      manager: [
        ...['/include', '/include x', `/include ${payout}`, `/include ${failed}`],
        ...[confirmed(press(`/include ${marcos}`)), '/check 2026-04-01'],
      ],
    },
    approve: {
      manager: [
        ...['/approve', '/approve bald', '/approve 2036-04-01', '/approve 2026-03-16', '/approve 2026-04-01 other'],
        ...[confirmed(press('/approve 2026-04-01'), 'late'), confirmed(press('/approve 2026-04-01'))],
        ...['/approve 2026-04-01', '/check 2026-04-01', `/exclude ${marcos} ${REASON}`, '/cycle 2026-04-01'],
      ],
    },
    export: {
      manager: [
        ...['/export', '/export bald', '/export 2026-03-16', '/export 2026-04-01', '/export 2026-04-01 bald'],
        ...['/export 2026-04-01 usdt-trc20', '/export 2036-04-01 sepa', '/export 2026-04-01 sepa'],
        ...[confirmed(press('/export 2026-04-01 generic'), 'late'), confirmed(press('/export 2026-04-01 generic'))],
        ...['/export 2026-04-01 generic', '/export 2026-04-01', '/cycle 2026-04-01'],
      ],
    },
    results: {
      manager: [
        ...['/results', '/results bald', said('too-large'), said('unavailable'), said('payoutId,status\nx,lost\ny,')],
        ...[said('nonsense'), said(`payoutId,status\n${marcos},paid`, '2036-04-01')],
        ...[confirmed(said(results), 'late'), confirmed(said(results)), said(results), said(results, '2026-03-16')],
      ],
    },
    cycle: {
      manager: [
        '/cycle',
        '/cycle 2026-04-01',
        '/cycle 2026-03-16',
        '/cycle 2026-04-16',
        '/cycle 2026-04-02',
        '/cycle bald',
      ],
    },
    settle: {
      manager: [
        ...['/settle', `/settle ${payout}`, '/settle x WIRE', '/settle 2026-05-01 WIRE', `/settle ${failed} WIRE`],
        ...[forwarded(`/settle ${payout} WIRE`), confirmed(press(`/settle ${payout} WIRE`), 'late')],
        ...[confirmed(press(`/settle ${payout} WIRE`)), `/settle ${payout} WIRE`],
        ...[confirmed(press('/settle 2026-04-01 WIRE'), 'late'), confirmed(press('/settle 2026-04-01 WIRE'))],
        ...['/settle 2026-04-01 WIRE', '/cycle 2026-04-01'],
      ],
    },
    returned: {
      manager: [
        ...['/returned', `/returned ${payout}`, '/returned x RET', `/returned ${failed} RET`],
        ...[`/returned ${payout} RET`, forwarded(`/returned ${payout} RET`)],
        ...[confirmed(`/returned ${payout} RET`, 'late'), confirmed(`/returned ${payout} RET`)],
        ...[`/returned ${payout} RET`, `/why ${payout}`, `/why ${payout}~return`],
      ],
    },
    adjust: {
      manager: [
        ...['/adjust', `/adjust ${ids.alla}`, `/adjust ${ids.alla} 0 ${REASON}`, `/adjust ${ids.alla} x ${REASON}`],
        ...[`/adjust ${ids.alla} 5`, `/adjust nobody 5 ${REASON}`, `/adjust platform:x 5 ${REASON}`],
        ...[`/adjust ${ids.olga} 5 ${REASON}`, `/adjust model:${ids.alla} 5 ${REASON}`],
        ...[`/adjust model:${ids.ava} -9000000 ${REASON}`, forwarded(`/adjust ${ids.alla} 5 ${REASON}`)],
        ...[confirmed(`/adjust ${ids.alla} -5.50 ${REASON}`, 'late'), confirmed(`/adjust ${ids.alla} -5.50 ${REASON}`)],
        ...[confirmed(`/adjust ${ids.marco} 12 ${REASON}`), confirmed(`/adjust ${ids.ava} 0.01 ${REASON}`)],
        ...[confirmed(`/adjust ${ids.ava} -0.01 ${REASON}`)],
      ],
    },
    receipt: {
      model: ['/receipt', `/receipt ${first}`, '/receipt x'],
      marketer: ['/receipt', `/receipt ${order.done}`],
      affiliate: ['/receipt', `/receipt ${commissions[0]}`, `/receipt ${payout}`],
      manager: ['/receipt', `/receipt ${first}`],
    },
    why: {
      model: [
        '/why',
        ...[first, big, ...ended, 'x'].map((one) => `/why ${one}`),
        ...Object.values(order).map((one) => by(`/why ${one}`, 'kim')),
      ],
      marketer: ['/why', ...Object.values(order).map((one) => `/why ${one}`), `/why ${marcos}`],
      affiliate: [
        '/why',
        ...commissions.map((one) => `/why ${one}`),
        `/why ${payout}`,
        `/why ${failed}`,
        '/why 2026-04-01',
      ],
      manager: [
        '/why',
        ...[first, big, ...ended, order.runs, order.done, commissions[0], commissions[2], payout, 'x'].map(
          (one) => `/why ${one}`,
        ),
      ],
    },
    settings: {
      model: [
        ...[
          '/settings',
          '/settings quiet 23:00 07:30',
          '/settings quiet off',
          '/settings quiet bald',
          '/settings quiet default',
        ],
        ...[
          '/settings channel discord',
          '/settings channel both',
          '/settings channel x',
          '/settings language',
          '/settings x',
        ],
        ...['/settings receipts weekly', '/settings receipts x', '/settings language x', '/settings end x'],
        ...['/settings end', '/settings quiet', '/settings channel', forwarded('/settings quiet off')],
      ],
      marketer: ['/settings'],
      affiliate: ['/settings'],
      manager: [
        ...['/settings', '/settings sessions', '/settings sessions end x', '/settings sessions end all'],
        ...['/settings sessions', forwarded('/settings sessions')],
      ],
    },
    console: {
      model: ['/console', press('/console')],
      ...{ marketer: ['console', forwarded('/console')], affiliate: ['/console'], manager: ['/console'] },
    },
    unlink: {
      model: [forwarded('/unlink'), 'unlink', by('/unlink', 'new'), by('/help', 'new')],
      ...{ marketer: [forwarded('/unlink')], affiliate: [forwarded('/unlink')], manager: [by('/unlink', 'pia')] },
    },
  };
}

function by(said: string, as: keyof Fixture['ids']): Case {
  return { said, as };
}

function press(said: string): Case {
  return { said, how: 'press' };
}

function forwarded(said: string): Case {
  return { said, how: 'forwarded' };
}

function confirmed(asked: string | Case, confirm: 'now' | 'late' = 'now'): Case {
  return { ...(typeof asked === 'string' ? { said: asked } : asked), confirm };
}

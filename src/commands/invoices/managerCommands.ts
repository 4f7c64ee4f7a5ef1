import { formatMoney } from '../../kernel/money.ts';
import { refusalWords } from '../../kernel/refusals.ts';
import { shorten } from '../../notices/messages/message.ts';
import { notFound, usage } from '../core/answers.ts';
import type { Command, Request } from '../core/command.ts';
import { parseText } from '../core/parseArguments.ts';
import { managerOrderCommands } from '../orders/managerCommands.ts';
import { modelCommand } from '../standing/model.ts';
import { overdueCommands } from '../standing/overdue.ts';
import { keepCommand, reviewCommand } from '../standing/review.ts';
import { terminateCommand } from '../standing/terminate.ts';
import { anyInvoices, replayable } from '../suggestions.ts';
import { healthCommand } from '../system/health.ts';
import { invoiceMessage, isUnpaid } from './invoiceMessages.ts';

const PAGE = 5;

const invoiceCommand: Command = {
  name: 'invoice',
  arguments: 'ID',
  roles: ['manager'],
  description: "Any model's invoice with its lines",
  suggest: (request, typed) => anyInvoices(request, typed, false),
  async run({ deps, display, now, words: [id] }) {
    if (id === undefined) return usage(this, '/invoice 2026-W47:MODEL');
    const invoice = await deps.invoices.get(id, now);
    if (invoice === null) return notFound('invoice', id);
    const [model, balance] = await Promise.all([
      deps.accounts.get(invoice.modelId),
      deps.ledger.balance(`model:${invoice.modelId}`),
    ]);
    const who = `It is ${model?.name ?? 'unknown'} (${invoice.modelId}), whose balance is ${formatMoney(balance, display.currency)}.`;
    const advice = [
      who,
      ...(invoice.voidReason === undefined ? [] : [`Taken back because: ${shorten(invoice.voidReason, 500)}`]),
      ...(isUnpaid(invoice) ? [`To take it back, send: /void ${invoice.invoiceId} REASON`] : []),
    ];
    return invoiceMessage(invoice, advice, [], display);
  },
};

const voidCommand: Command = {
  name: 'void',
  arguments: 'ID REASON',
  roles: ['manager'],
  description: 'Take an unpaid invoice back; the model is told the reason',
  suggest: (request, typed) => anyInvoices(request, typed, true),
  async run({ deps, actor, now, words: [id, ...rest] }) {
    const reason = parseText(rest);
    if (id === undefined || reason === '') return usage(this, '/void 2026-W47:MODEL wrong campaign rate');
    const outcome = await deps.invoices.void(id, { actor, reason }, now);
    if (outcome.kind === 'not-found') return notFound('invoice', id);
    const { invoice } = outcome;
    const buttons = [[{ label: `Invoice ${invoice.week}`, command: `/invoice ${invoice.invoiceId}` }]];
    switch (outcome.kind) {
      case 'voided':
        return {
          title: `Invoice ${invoice.invoiceId} is void`,
          paragraphs: ['The model is told the reason and owes nothing for it. Its payments come on the next invoice.'],
          buttons,
        };
      case 'already-void':
        return {
          title: `Invoice ${invoice.invoiceId} is void already`,
          paragraphs: [`Reason given then: ${shorten(invoice.voidReason ?? 'none', 500)}. Nothing was changed now.`],
          buttons,
        };
      case 'refused':
        return {
          title: `Invoice ${invoice.invoiceId} stays ${outcome.state}`,
          paragraphs: [`It cannot be taken back: ${refusalWords(outcome.reason)}. Nothing was changed.`],
          buttons,
        };
    }
  },
};

const quarantineCommand: Command = {
  name: 'quarantine',
  arguments: '[AFTER]',
  roles: ['manager'],
  description: 'Events that could not be applied',
  async run({ deps, words: [after] }) {
    const page = await deps.inbox.list({
      status: 'quarantined',
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    if (page.items.length === 0) {
      return {
        paragraphs: [after === undefined ? 'No event is in quarantine. Nothing to do.' : 'There are no more.'],
        buttons: [],
      };
    }
    const more = page.next === null ? [] : [[{ label: 'Quarantine: more', command: `/quarantine ${page.next}` }]];
    return {
      title: 'Events in quarantine',
      paragraphs: ['They have no effect until they are applied. Put the cause right, then replay them.'],
      table: {
        header: ['Event', 'Type', 'Error'],
        rows: page.items.map(({ eventId, type, error, waitsFor }) => [
          eventId,
          type,
          shorten(error ?? `waits for ${waitsFor.join(', ')}`, 200),
        ]),
      },
      buttons: [
        ...page.items.map(({ eventId }) => [
          { label: `Replay ${shorten(eventId, 40)}`, command: `/replay ${eventId}` },
        ]),
        ...more,
      ],
    };
  },
};

const replayCommand: Command = {
  name: 'replay',
  arguments: 'ID',
  roles: ['manager'],
  description: 'Apply an event, or send a webhook to the platform, once more',
  suggest: replayable,
  async run({ deps, actor, now, words: [id] }) {
    if (id === undefined) return usage(this, '/replay evt_123');
    const before = await deps.inbox.get(id);
    if (before === null) return replayWebhook({ deps, actor, now }, id);
    if (before.status === 'applied' || before.status === 'received') {
      const how = before.status === 'applied' ? 'was applied' : 'is on its way to be applied';
      return { paragraphs: [`Event ${id} ${how} already. Nothing was changed.`], buttons: [[QUARANTINE]] };
    }
    const outcome = await deps.inbox.replay(id);
    if (outcome.kind === 'not-found') return notFound('event', id);
    if (outcome.kind === 'refused') {
      return {
        paragraphs: [
          `Event ${id} stays ${outcome.state}: events of type ${outcome.type} are not processed. Nothing was changed.`,
        ],
        buttons: [[QUARANTINE]],
      };
    }
    await deps.audit.record({
      actor,
      action: 'event.replay',
      subject: `event:${id}`,
      before: { status: before.status },
      after: { status: 'received' },
      at: now,
    });
    return {
      paragraphs: [`Event ${id} is tried again now. Whether it could be applied is in /quarantine in a moment.`],
      buttons: [[QUARANTINE]],
    };
  },
};

/** A webhook to the platform, by the same command: whoever has its id need not know which way it goes. */
async function replayWebhook({ deps, actor, now }: Pick<Request, 'deps' | 'actor' | 'now'>, id: string) {
  const before = await deps.outgoing.get(id);
  if (before === null) return notFound('event', id);
  const isOnItsWay = before.nextAt !== null && before.nextAt <= now;
  if (before.status === 'delivered' || isOnItsWay) {
    const how = isOnItsWay ? 'is on its way to the platform' : 'was taken by the platform';
    return { paragraphs: [`Webhook ${id} ${how} already. Nothing was changed.`], buttons: [] };
  }
  await deps.outgoing.replay(id);
  await deps.audit.record({
    actor,
    action: 'webhook.replay',
    subject: `webhook:${id}`,
    before: { status: before.status },
    after: { status: 'due' },
    at: now,
  });
  return {
    paragraphs: [`Webhook ${id} is sent again now. If the platform does not take it in 27 hours, you are told.`],
    buttons: [],
  };
}

const QUARANTINE = { label: 'Quarantine', command: '/quarantine' };

export const managerCommands: readonly Command[] = [
  ...overdueCommands,
  modelCommand,
  reviewCommand,
  terminateCommand,
  keepCommand,
  invoiceCommand,
  voidCommand,
  ...managerOrderCommands,
  quarantineCommand,
  replayCommand,
  healthCommand,
];

import { replayRefusalWords } from '../../inbox/inbox.ts';
import { formatInstant } from '../../kernel/calendar.ts';
import { quoted, quotedEnd, shorten } from '../../notices/messages/message.ts';
import { refusalWords } from '../../texts/refusals.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Request, Suggestion } from '../core/command.ts';
import { parseText } from '../core/parseArguments.ts';
import { SUGGESTIONS_SEARCHED, suggestionsOf } from '../core/suggestions.ts';

const PAGE = 5;

const quarantineCommand: Command = {
  name: 'quarantine',
  arguments: '[AFTER]',
  roles: ['manager'],
  description: 'commands.quarantine.description',
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
      paragraphs: [
        'They have no effect until they are applied. Put the cause right, then replay them. To have one count for nothing, send: /dismiss ID REASON',
      ],
      table: {
        header: ['Event', 'Type', 'Error'],
        rows: page.items.map(({ eventId, type, error, waitsFor }) => [
          eventId,
          type,
          error === null ? shorten(`waits for ${waitsFor.join(', ')}`, 200) : quoted(error, 200),
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
  thing: 'event',
  roles: ['manager'],
  description: 'commands.replay.description',
  changes: true,
  suggest: replayable,
  async run({ deps, speech, actor, now, words: [id = ''] }) {
    const before = await deps.inbox.get(id);
    if (before === null) return replayWebhook({ deps, speech, actor, now }, id);
    if (before.status === 'applied' || before.status === 'received') {
      const how = before.status === 'applied' ? 'was applied' : 'is on its way to be applied';
      return { paragraphs: [`Event ${id} ${how} already. Nothing was changed.`], buttons: [[QUARANTINE]] };
    }
    const outcome = await deps.inbox.replay(id, () =>
      deps.audit.record({
        ...{ actor, action: 'event.replay', subject: `event:${id}`, at: now },
        ...{ before: { status: before.status }, after: { status: 'received' } },
      }),
    );
    if (outcome.kind === 'not-found') return notFound(speech, 'event', id);
    if (outcome.kind === 'refused') {
      return {
        paragraphs: [`Event ${id} stays ${outcome.state}: ${replayRefusalWords(outcome)}. Nothing was changed.`],
        buttons: [[QUARANTINE]],
      };
    }
    return {
      paragraphs: [`Event ${id} is tried again now. Whether it could be applied is in /quarantine in a moment.`],
      buttons: [[QUARANTINE]],
    };
  },
};

const dismissCommand: Command = {
  name: 'dismiss',
  arguments: 'ID REASON',
  thing: 'event',
  example: 'commands.dismiss.example',
  roles: ['manager'],
  description: 'commands.dismiss.description',
  changes: true,
  suggest: quarantined,
  async run({ deps, speech, actor, display, now, words: [id = '', ...rest] }) {
    const reason = parseText(rest);
    const outcome = await deps.inbox.dismiss(id, { by: actor, reason }, ({ error, about }) =>
      deps.audit.record({
        ...{ actor, action: 'event.dismiss', subject: `event:${id}`, reason, about, at: now },
        ...{ before: { status: 'quarantined', error }, after: { status: 'ignored' } },
      }),
    );
    const buttons = [[{ label: `Replay ${shorten(id, 40)}`, command: `/replay ${id}` }, QUARANTINE]];
    switch (outcome.kind) {
      case 'not-found':
        return notFound(speech, 'event', id);
      case 'refused':
        return {
          paragraphs: [`Event ${id} stays ${outcome.state}: ${refusalWords(outcome.reason)}. Nothing was changed.`],
          buttons: [[QUARANTINE]],
        };
      case 'dismissed-before': {
        const { by, reason: given, at } = outcome.dismissed;
        const when = formatInstant(at, display.timeZone);
        return {
          paragraphs: [
            `Event ${id} is dismissed already, on ${when} by ${by}: ${quotedEnd(given)} Nothing was changed.`,
          ],
          buttons,
        };
      }
      case 'dismissed':
        return {
          title: `Event ${id} is dismissed`,
          paragraphs: ['It counts for nothing, also when what it waited for arrives. A replay undoes that.'],
          buttons,
        };
    }
  },
};

/** A webhook to the platform, by the same command: an id is enough, whichever way its message goes. */
async function replayWebhook(
  { deps, speech, actor, now }: Pick<Request, 'deps' | 'speech' | 'actor' | 'now'>,
  id: string,
) {
  const before = await deps.outgoing.get(id);
  if (before === null) return notFound(speech, 'event', id);
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

async function quarantined({ deps }: Request, typed: string): Promise<Suggestion[]> {
  const { items } = await deps.inbox.list({ status: 'quarantined', limit: SUGGESTIONS_SEARCHED });
  return suggestionsOf(
    items,
    typed,
    ({ eventId }) => eventId,
    ({ type, error }) => `${type}: ${shorten(error ?? 'not applied', 60)}`,
  );
}

/** What can be replayed: quarantined events, and parked webhooks to the platform. */
async function replayable({ deps }: Request, typed: string): Promise<Suggestion[]> {
  const [events, webhooks] = await Promise.all([
    deps.inbox.list({ status: 'quarantined', limit: SUGGESTIONS_SEARCHED }),
    deps.outgoing.list({ status: 'parked', limit: SUGGESTIONS_SEARCHED }),
  ]);
  const found = [
    ...events.items.map(({ eventId, type }) => ({ id: eventId, type })),
    ...webhooks.items.map(({ webhookId, type }) => ({ id: webhookId, type })),
  ];
  return suggestionsOf(
    found,
    typed,
    ({ id }) => id,
    ({ type }) => type,
  );
}

export const quarantineCommands: readonly Command[] = [quarantineCommand, replayCommand, dismissCommand];

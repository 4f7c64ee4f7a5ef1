import type { Console } from '../../context.ts';
import { personColumn } from '../../ui/personColumn.tsx';
import { Status } from '../../ui/Status.tsx';
import { To } from '../../ui/To.tsx';
import { amounts, type Column } from '../../ui/table.ts';
import type { Item } from './item.ts';

export function columnsOf({ say, format }: Pick<Console, 'say' | 'format'>): Column<Item>[] {
  return [
    personColumn({
      ...{ key: 'model', header: say('overdue.model'), isName: true },
      of: ({ modelId, modelName }) => ({ id: modelId, name: modelName }),
    }),
    {
      key: 'invoice',
      header: say('overdue.invoice'),
      sortBy: ({ week }) => week,
      cell: ({ invoiceId }) => <To thing="invoice" id={invoiceId} />,
    },
    {
      key: 'days',
      header: say('overdue.late'),
      isNumber: true,
      sortBy: ({ daysOverdue }) => daysOverdue,
      cell: ({ daysOverdue }) => format.count(daysOverdue),
    },
    amounts({ key: 'left', header: say('overdue.left'), of: ({ left }) => left }, format),
    {
      key: 'due',
      header: say('overdue.due'),
      sortBy: ({ dueAt }) => dueAt,
      cell: ({ dueAt }) => format.day(dueAt),
    },
    {
      key: 'campaigns',
      header: say('overdue.campaigns'),
      sortBy: ({ standing }) => standing.campaigns,
      cell: ({ standing: { campaigns } }) => (
        <Status tone={campaigns === 'running' ? 'good' : campaigns === 'paused' ? 'bad' : 'ended'}>
          {say(`states.${campaigns}`)}
        </Status>
      ),
    },
    {
      key: 'orders',
      header: say('overdue.orders'),
      sortBy: ({ standing }) => standing.cplOrders,
      cell: ({ standing: { cplOrders, terminationReview } }) => (
        <>
          <Status tone={cplOrders === 'allowed' ? 'good' : 'bad'}>{say(`states.${cplOrders}`)}</Status>
          {terminationReview && <Status tone="waiting">{say('overdue.review')}</Status>}
        </>
      ),
    },
    {
      key: 'trust',
      header: say('overdue.trust'),
      isNumber: true,
      sortBy: ({ standing }) => standing.trustScore,
      cell: ({ standing }) => format.count(standing.trustScore),
    },
    {
      key: 'contact',
      header: say('overdue.contact'),
      sortBy: ({ contact }) => contact.lastRemindedAt,
      cell: ({ contact: { reachable, channels, lastRemindedAt } }) => (
        <>
          <Status tone={reachable ? 'good' : 'bad'}>
            {reachable ? channels.map((channel) => say(`channels.${channel}`)).join(', ') : say('overdue.noChat')}
          </Status>
          {lastRemindedAt !== null && (
            <div class="hint">{say('overdue.reminded', { at: format.instant(lastRemindedAt) })}</div>
          )}
        </>
      ),
    },
    {
      key: 'promise',
      header: say('overdue.promise'),
      sortBy: ({ promise }) => promise?.until ?? null,
      cell: ({ promise }) =>
        promise === null ? (
          <span class="hint">{say('overdue.noPromise')}</span>
        ) : (
          <Status tone={PROMISE_TONES[promise.status]}>
            {say('promise.is', {
              state: promise.status === 'lapsed' ? 'other' : promise.status,
              until: format.day(promise.until),
            })}
          </Status>
        ),
    },
  ];
}

const PROMISE_TONES = { running: 'waiting', kept: 'good', broken: 'bad', refused: 'ended', lapsed: 'plain' } as const;

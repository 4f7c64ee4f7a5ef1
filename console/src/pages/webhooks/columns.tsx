import { ownerOf } from '../../../../src/kernel/owner.ts';
import type { Console } from '../../context.ts';
import { failureWords } from '../../failures.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Status } from '../../ui/Status.tsx';
import { To, ToAccount } from '../../ui/To.tsx';
import type { Column } from '../../ui/table.ts';
import { type Item, TONES } from './webhook.ts';

export function columnsOf({ say, format }: Pick<Console, 'say' | 'format'>): Column<Item>[] {
  return [
    {
      key: 'type',
      header: say('webhooks.type'),
      isName: true,
      sortBy: ({ type }) => type,
      cell: ({ webhookId, type }) => (
        <To thing="webhook" id={webhookId}>
          {type}
        </To>
      ),
    },
    {
      key: 'subject',
      isLong: true,
      header: say('webhooks.subject'),
      sortBy: ({ name, subject }) => name ?? subject,
      cell: (item) => <Subject of={item} />,
    },
    {
      key: 'state',
      header: say('webhooks.state'),
      sortBy: ({ status }) => say(`webhookState.${status}`),
      cell: ({ status }) => <Status tone={TONES[status]}>{say(`webhookState.${status}`)}</Status>,
    },
    {
      key: 'attempts',
      header: say('webhooks.attempts'),
      isNumber: true,
      sortBy: ({ attempts }) => attempts,
      cell: ({ attempts }) => format.count(attempts),
    },
    {
      key: 'error',
      header: say('webhooks.error'),
      sortBy: ({ error, failure }) => (failure === null ? error : failureWords(failure, say)),
      cell: ({ error, failure }) => <Failure error={error} failure={failure} />,
    },
    {
      key: 'emitted',
      isLong: true,
      header: say('webhooks.emitted'),
      sortBy: ({ emittedAt }) => emittedAt,
      cell: ({ emittedAt }) => format.instant(emittedAt),
    },
    {
      key: 'next',
      isLong: true,
      header: say('webhooks.next'),
      sortBy: ({ nextAt }) => nextAt,
      cell: ({ nextAt }) => nextAt !== null && format.instant(nextAt),
    },
    {
      key: 'delivered',
      isLong: true,
      header: say('webhooks.deliveredAt'),
      sortBy: ({ deliveredAt }) => deliveredAt,
      cell: ({ deliveredAt }) => deliveredAt !== null && format.instant(deliveredAt),
    },
  ];
}

/** Who or what a webhook is about: an account by its name, the rest by what it is called here. */
export function Subject({ of: { subject, name } }: { of: Pick<Item, 'subject' | 'name'> }) {
  if (name === undefined) return <>{subject}</>;
  return (
    <>
      <ToAccount id={ownerOf(subject) ?? subject} name={name} /> <span class="hint">{subject}</span>
    </>
  );
}

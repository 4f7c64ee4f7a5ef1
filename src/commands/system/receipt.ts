import { fileName } from '../../documents/words.ts';
import { shorten } from '../../kernel/text.ts';
import { copyable } from '../../notices/messages/marks.ts';
import type { Message } from '../../notices/messages/message.ts';
import type { Receipt } from '../../receipts/receipt.ts';
import { SEALED_WITHIN_MS } from '../../seals/seals.ts';
import type { Speech } from '../../texts/speech.ts';
import { notFound } from '../core/answers.ts';
import type { Command } from '../core/command.ts';

/** `/receipt ID`: a file that proves what was decided, to whoever has kept an anchor (docs/chat.md). */
export const receiptCommand: Command = {
  name: 'receipt',
  arguments: 'ID',
  roles: ['model', 'marketer', 'affiliate', 'manager'],
  scope: 'read',
  description: 'commands.receipt.description',
  async run({ deps, account, speech, now, words }): Promise<Message> {
    const { say } = speech;
    const [id = ''] = words;
    const subject = await deps.receipts.find(id, now);
    if (subject === null || (account.role !== 'manager' && subject.accountId !== account.accountId))
      return notFound(speech, 'other', id);
    const issued = await deps.receipts.issue(subject);
    const of = {
      kind: subject.kind === 'payout' ? 'other' : subject.kind,
      id: copyable(shorten(subject.id, 140)),
    } as const;
    const buttons = [[{ label: say('common.buttons.why'), command: `/why ${subject.id}` }]];
    if (issued.kind === 'unsealed') {
      return {
        title: say('systemCommands.receipt.unsealedTitle', of),
        paragraphs: [say('systemCommands.receipt.unsealed', { minutes: SEALED_WITHIN_MS / 60_000 })],
        buttons,
      };
    }
    if (issued.kind === 'altered') {
      return {
        title: say('systemCommands.receipt.alteredTitle', of),
        paragraphs: [say('systemCommands.receipt.altered')],
        buttons,
      };
    }
    const { receipt, isDayOver } = issued;
    return {
      title: say('systemCommands.receipt.title', of),
      paragraphs: [...judged(receipt, speech), ...checking(receipt, isDayOver, speech)],
      attachment: {
        name: fileName('receipt', subject.id, 'json'),
        contentType: 'application/json',
        content: Buffer.from(`${JSON.stringify(receipt, null, 1)}\n`),
      },
      buttons,
    };
  },
};

/** How many fans were judged, so that somebody who misses one sees whether it was. */
function judged({ subject, proof }: Receipt, { say }: Speech): string[] {
  if (subject.kind !== 'order') return [];
  const verdicts = proof.groups.flatMap(({ documents }) => documents.map(({ facts }) => facts.verdict));
  const fans = verdicts.filter((verdict) => verdict !== 'end');
  const counted = fans.filter((verdict) => verdict === 'counted').length;
  return [say('systemCommands.receipt.judged', { count: fans.length, counted })];
}

/** What is in the file, and how to check it. */
function checking({ proof }: Receipt, isDayOver: boolean, { say, instant }: Speech): string[] {
  const { day, number, hash } = proof.anchor;
  return [
    say('systemCommands.receipt.file', { seal: String(number) }),
    isDayOver
      ? say('systemCommands.receipt.lastSeal', { day })
      : say('systemCommands.receipt.newestSeal', { end: instant(endOf(day)) }),
    say('systemCommands.receipt.check', { anchor: `${number}:${hash}` }),
  ];
}

function endOf(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000);
}

import { fileName } from '../../documents/words.ts';
import { formatInstant } from '../../kernel/calendar.ts';
import { shorten } from '../../kernel/text.ts';
import type { Message } from '../../notices/messages/message.ts';
import type { Receipt, SubjectKind } from '../../receipts/receipt.ts';
import { SEALED_WITHIN_MS } from '../../seals/seals.ts';
import { notFound } from '../core/answers.ts';
import type { Command } from '../core/command.ts';

const NOUNS: Record<SubjectKind, string> = {
  invoice: 'invoice',
  order: "the fans' verdicts of order",
  commission: 'commission',
  payout: 'payout',
};

/** `/receipt ID`: a file that proves what was decided, to whoever has kept an anchor (docs/chat.md). */
export const receiptCommand: Command = {
  name: 'receipt',
  arguments: 'ID',
  roles: ['model', 'marketer', 'affiliate', 'manager'],
  description: 'commands.receipt.description',
  async run({ deps, speech, account, display, now, words }): Promise<Message> {
    const [id = ''] = words;
    const subject = await deps.receipts.find(id, now);
    if (subject === null || (account.role !== 'manager' && subject.accountId !== account.accountId))
      return notFound(speech, 'other', id);
    const issued = await deps.receipts.issue(subject);
    const name = `${NOUNS[subject.kind]} ${shorten(subject.id, 140)}`;
    const buttons = [[{ label: 'Why?', command: `/why ${subject.id}` }]];
    if (issued.kind === 'unsealed') {
      return { title: `No receipt yet: ${name}`, paragraphs: [UNSEALED], buttons };
    }
    if (issued.kind === 'altered') {
      return { title: `No receipt: ${name}`, paragraphs: [ALTERED], buttons };
    }
    const { receipt, isDayOver } = issued;
    const { day, number, hash } = receipt.proof.anchor;
    return {
      title: `Receipt of ${name}`,
      paragraphs: [
        ...judged(receipt),
        `The file has what was decided, the rule behind it, and the way from there to seal ${number}.`,
        isDayOver
          ? `That is the last seal of ${day} (UTC), which was told outside of our database: compare its hash with the one that you know of.`
          : `That is the newest seal of today. The last one of the day is told outside of our database after ${formatInstant(endOf(day), display.timeZone)}; a receipt that is asked for then leads to it.`,
        `To check it, without us: settlebot verify-receipt FILE --anchor ${number}:${hash}`,
      ],
      attachment: {
        name: fileName('receipt', subject.id, 'json'),
        contentType: 'application/json',
        content: Buffer.from(`${JSON.stringify(receipt, null, 1)}\n`),
      },
      buttons,
    };
  },
};

const UNSEALED = `What is asked for was written just now and is not sealed yet. It will be sealed within ${SEALED_WITHIN_MS / 60_000} minutes; ask again then.`;
const ALTERED =
  'What is stored of it is not what was sealed. That is a fault on our side, and the platform has to look into it: settlebot verify names what was changed.';

/** How many fans were judged, so that somebody who misses one sees whether it was. */
function judged({ subject, proof }: Receipt): string[] {
  if (subject.kind !== 'order') return [];
  const verdicts = proof.groups.flatMap(({ documents }) => documents.map(({ facts }) => facts.verdict));
  const fans = verdicts.filter((verdict) => verdict !== 'end');
  const counted = fans.filter((verdict) => verdict === 'counted').length;
  return [`${fans.length} fans were judged until then, of which ${counted} count. All of them are in the file.`];
}

function endOf(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000);
}

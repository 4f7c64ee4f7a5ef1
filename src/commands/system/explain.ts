import { notFound, usage } from '../core/answers.ts';
import type { Command, Request, Suggestion } from '../core/command.ts';
import type { Explainer } from '../core/explanation.ts';
import { invoiceExplainer } from '../invoices/explainInvoice.ts';
import { orderExplainer } from '../orders/explainOrder.ts';
import { commissionExplainer, payoutExplainer } from '../payouts/explainPayouts.ts';

/** Who tells the story of which kind of thing; each looks whether an id is one of its own, and the person's. */
const TELLERS: readonly Explainer[] = [invoiceExplainer, orderExplainer, commissionExplainer, payoutExplainer];

/** `/why ID`: how something came to stand as it does, in dated lines with the rule behind each (contract 6). */
export const whyCommand: Command = {
  name: 'why',
  arguments: 'ID',
  roles: ['model', 'marketer', 'affiliate', 'manager'],
  description: 'How something came about, date by date, and the rule behind each number',
  suggest,
  async run(request) {
    const tellers = tellersOf(request);
    const [id] = request.words;
    if (!id) return usage(this, `/why ${tellers[0]?.example ?? 'ID'}`);
    for (const teller of tellers) {
      const story = await teller.tell(request, id);
      if (story !== null) return story;
    }
    return notFound(tellers.length === 1 ? (tellers[0]?.thing ?? 'thing') : 'thing', id);
  },
};

async function suggest(request: Request, typed: string): Promise<Suggestion[]> {
  const lists = await Promise.all(tellersOf(request).map((teller) => teller.suggest(request, typed)));
  // A share for each kind, so that many of one do not hide the others.
  const share = Math.ceil(SHOWN / lists.length);
  const first = lists.flatMap((list) => list.slice(0, share));
  const rest = lists.flatMap((list) => list.slice(share));
  return [...first, ...rest].slice(0, SHOWN);
}

function tellersOf({ account }: Request): Explainer[] {
  return TELLERS.filter(({ roles }) => roles.includes(account.role));
}

/** As many as a channel shows at once. */
const SHOWN = 25;

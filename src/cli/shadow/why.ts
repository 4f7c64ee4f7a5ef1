import type { Core } from '../../core.ts';
import { copyable, piecesOf } from '../../notices/messages/marks.ts';
import { type RuleSection, ruleWords } from '../../notices/messages/rules.ts';
import { reasonSentence } from '../../standing/reason.ts';
import { speechOf } from '../../texts/speech.ts';
import type { Difference } from './compare.ts';
import type { Decided } from './ours.ts';
import type { Paid, StandingChangeName } from './paid.ts';

/** Says of a difference which rule is behind what the shadow decided, in the words of `/why`; or why it decided nothing. */
export async function whyOf(core: Core, { ours, theirs }: Difference): Promise<string[]> {
  if (ours === null) return theirs === null ? [] : [await whyNothing(core, theirs)];
  if (ours.kind === 'standing') return [await whyStanding(core, ours)];
  const explanation = await core.explain(ours.id);
  // What it is the row names already, and its id has a column in the table.
  const decided = (explanation?.facts ?? []).filter(([, text]) => text !== copyable(ours.id));
  const facts = decided.map(([at, text]) => `${at}: ${withNumbers(text)}`);
  return [...facts, ...(await linesOf(core, ours))];
}

/** What an invoice is made of: a difference is often one line of it. */
async function linesOf({ invoicing, clock, platform }: Core, { kind, id }: Decided): Promise<string[]> {
  if (kind !== 'invoice') return [];
  const { money, rate } = speechOf(platform);
  const invoice = await invoicing.invoices.get(id, clock.now());
  return (invoice?.lines ?? []).map(
    ({ campaignId, type, count, gross, rateBps, cost }) =>
      `${campaignId}, ${type}: ${count} together ${money(gross)}, at ${rate(rateBps)}: ${money(cost)}`,
  );
}

/** Where nothing leads to the rules, their numbers do. */
function withNumbers(text: string): string {
  return piecesOf(text)
    .map(({ text: words, rule }) => (rule === undefined ? words : `${words}, rules ${rule}`))
    .join('');
}

const RULES: Record<StandingChangeName, RuleSection> = {
  ...{ paused: '2.1', resumed: '2.1', blocked: '2.2', unblocked: '2.2', review: '2.5', terminated: '2.5' },
};

/** What a standing came of at that instant. */
async function whyStanding({ standing, platform }: Core, { account, at, status }: Decided): Promise<string> {
  const { reasons } = await standing.standings.standing(account, at);
  const words = reasons.map((reason) => reasonSentence(reason, speechOf(platform)));
  const text = words.length === 0 ? 'Nothing is overdue any more.' : words.join(' ');
  const rules = ruleWords([RULES[status as StandingChangeName]], platform);
  return withNumbers(speechOf(platform).say('explain.line', { text, rules }));
}

/** There is nothing that could be explained: what is said is what the events lack. */
async function whyNothing(core: Core, { kind, account, period }: Paid): Promise<string> {
  if ((await core.accounts.get(account)) === null) return `No event told of the account ${account}.`;
  switch (kind) {
    case 'invoice':
      return `By the Monday that ends ${period}, no event told of a payment of a RevShare campaign of ${account} that was not invoiced yet (rules 1.1, 1.2, 1.6).`;
    case 'payout':
      return `By the cutoff of ${period}, what ${account} had in approved commissions and earnings was nothing, or below the minimum, and was carried over (rules 6.1, 6.2).`;
    case 'standing':
      return `By that day the invoices and orders of ${account} gave no cause for it (rules 2).`;
  }
}

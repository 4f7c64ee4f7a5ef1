import type { Billing } from '../accounts/account.ts';
import type { PayoutView } from '../affiliates/payouts/payout.ts';
import type { Statement, StatementLine } from '../affiliates/payouts/statements.ts';
import { vatOfStatement } from '../books/vat.ts';
import { type MinorUnits, sum } from '../kernel/money.ts';
import { type DisplayContext, speechOf } from '../texts/speech.ts';
import { type Bookkeeping, letterhead, numberFact, partyLines, vatLines } from './bookkeeping.ts';
import { createPaper, type Paper, type Table } from './paper.ts';
import { amountsAndTimes, saidByOthers } from './words.ts';

/** Who is paid; `billing`: what they are to tax offices. */
export type PaidPerson = { name: string; billing?: Billing | undefined };

/** More lines would make a file that nobody reads; the sums are of all of them. */
const LINES = 2_000;

/**
 * The statement of a payout as a PDF (rules 6): what it is made of, and by which rule. Times are in the zone of `display`:
 * the platform's, so that everybody who reads a language gets the same file.
 */
export function statementPdf(
  statement: Statement,
  { name, billing }: PaidPerson,
  display: DisplayContext,
  { issuer, number }: Bookkeeping = {},
): Promise<Uint8Array> {
  const { payout } = statement;
  const { say, money, day } = speechOf(display);
  const amount = money(payout.amount);
  const title = say('documents.statement.title', { payout: payout.payoutId });
  const subject = say('documents.statement.subject', { account: payout.accountId });
  const paper = createPaper({ title, subject, date: payout.drawnAt, display });
  const state = payout.returned !== null ? 'returned' : payout.status === 'failed' ? 'other' : payout.status;
  letterhead(paper, issuer, display);
  paper.title(title, say('documents.statement.lead', { amount, state }));
  const party = { accountId: payout.accountId, name, billing };
  paper.facts([
    ...numberFact(number ?? (issuer === undefined ? undefined : say('documents.books.numberFollows')), display),
    [say('documents.statement.facts.paidTo'), partyLines(party, display)],
    [say('documents.statement.facts.payday'), day(payout.drawnAt)],
    [say('documents.statement.facts.amount'), amount],
    [say('documents.statement.facts.state'), stateOf(payout, display)],
    ...(payout.reference === null
      ? []
      : [[say('documents.statement.facts.reference'), saidByOthers(payout.reference)] as [string, string]]),
  ]);
  if (payout.parts.earnings > 0) ofEarnings(paper, statement, display);
  if (payout.count > 0) ofCommissions(paper, statement, display);
  paper.section(say('documents.statement.totalSection', { amount }));
  paper.facts(totalsOf(statement, display));
  if (issuer !== undefined) {
    vatLines(paper, vatOfStatement(payout.amount, issuer, billing ?? {}), payout.amount, display);
    const supplier = saidByOthers(billing?.name ?? name);
    paper.paragraph(say('documents.statement.selfBilling', { issuer: saidByOthers(issuer.name), supplier }));
  }
  paper.small(amountsAndTimes(display));
  return paper.end();
}

function ofEarnings(paper: Paper, { payout }: Statement, display: DisplayContext): void {
  const { say, money, instant } = speechOf(display);
  const at = instant(payout.drawnAt);
  const earnings = money(payout.parts.earnings);
  paper.section(say('documents.statement.earnedSection', { amount: earnings }));
  paper.paragraph(say('documents.statement.earnedRule', { at }));
  paper.table({
    columns: [
      { header: say('documents.statement.columns.what'), width: 70 },
      { header: say('documents.statement.columns.amount'), width: 30, align: 'right' },
    ],
    rows: [[say('documents.statement.balanceAt', { at }), earnings]],
    sums: [[say('documents.statement.together'), earnings]],
  });
}

function ofCommissions(paper: Paper, statement: Statement, display: DisplayContext): void {
  const { say, money } = speechOf(display);
  paper.paragraph(cutoffRule(statement, display));
  let room = LINES;
  for (const [heading, group] of groupsOf(statement, display)) {
    paper.section(say('documents.statement.group', { group: heading, count: group.length }));
    const shown = group.slice(0, room);
    room -= shown.length;
    paper.table({
      ...commissionTable(shown, display),
      sums: [[say('documents.statement.together'), money(totalOf(group))]],
    });
    const more = group.length - shown.length;
    if (more > 0) paper.small(say('documents.statement.more', { count: more }));
  }
}

/** The commissions of a payout by why they are in it; only what there is. */
function groupsOf({ approvals, lines }: Statement, display: DisplayContext): [string, StatementLine[]][] {
  const { say } = speechOf(display);
  const corrections = lines.filter(({ reverses }) => reverses !== undefined);
  const sales = lines.filter(({ kind, reverses }) => kind === 'commission' && reverses === undefined);
  const byHand = lines.filter(({ kind }) => kind !== 'commission');
  const groups: [string, StatementLine[]][] = [
    [say('documents.statement.groups.approved'), sales.filter(({ approvedAt }) => approvedAt >= approvals.start)],
    [say('documents.statement.groups.carried'), sales.filter(({ approvedAt }) => approvedAt < approvals.start)],
    [say('documents.statement.groups.corrections'), corrections],
    [say('documents.statement.groups.byHand'), byHand],
  ];
  return groups.filter(([, group]) => group.length > 0);
}

/** What the total is made of. */
function totalsOf(statement: Statement, display: DisplayContext): [string, string][] {
  const { say, money } = speechOf(display);
  const { earnings } = statement.payout.parts;
  return [
    ...groupsOf(statement, display).map(([heading, group]): [string, string] => [heading, money(totalOf(group))]),
    ...(earnings > 0 ? [[say('documents.statement.earned'), money(earnings)] as [string, string]] : []),
  ];
}

function totalOf(lines: StatementLine[]): MinorUnits {
  return sum(lines.map(({ amount }) => amount));
}

function commissionTable(lines: StatementLine[], display: DisplayContext): Table {
  const { say, money, shortInstant } = speechOf(display);
  return {
    columns: [
      { header: say('documents.statement.columns.commission'), width: 34 },
      { header: say('documents.statement.columns.program'), width: 15 },
      { header: say('documents.statement.columns.charged'), width: 17 },
      { header: say('documents.statement.columns.approved'), width: 17 },
      { header: say('documents.statement.columns.amount'), width: 17, align: 'right' },
    ],
    rows: lines.map(({ commissionId: commission, kind, programId, paidAt, approvedAt, amount, reverses }) => [
      reverses === undefined ? commission : say('documents.statement.corrects', { commission, reverses }),
      kind === 'commission' ? programId : say(`documents.statement.kinds.${kind}`),
      shortInstant(paidAt),
      shortInstant(approvedAt),
      money(amount),
    ]),
  };
}

/** The rule of a payout's cutoff (rules 6.1, 6.2), in words. */
function cutoffRule({ approvals, payout }: Pick<Statement, 'approvals' | 'payout'>, display: DisplayContext): string {
  const { say, day, instant } = speechOf(display);
  const [from, until] = [instant(approvals.start), instant(approvals.end)];
  return say('documents.statement.cutoff', { payday: day(payout.drawnAt), from, until });
}

function stateOf({ status, endedAt, reason, returned }: PayoutView, display: DisplayContext): string {
  const { say, instant } = speechOf(display);
  const at = endedAt === null ? null : instant(endedAt);
  switch (status) {
    case 'due':
      return say('documents.statement.states.due');
    case 'processing':
      return say('documents.states.processing');
    case 'paid':
      if (at === null) return say('documents.states.paid');
      return returned === null
        ? say('documents.statement.states.paidOn', { at })
        : say('documents.statement.states.returnedOn', { paid: at, at: instant(returned.at) });
    case 'failed':
      return failedWords(at, reason, display);
  }
}

/** That it failed, when and why where that is known, and where the money is. */
function failedWords(at: string | null, why: string | null, display: DisplayContext): string {
  const { say } = speechOf(display);
  const reason = why === null ? null : saidByOthers(why);
  if (at === null) {
    return reason === null
      ? say('documents.statement.states.failed')
      : say('documents.statement.states.failedBecause', { reason });
  }
  return reason === null
    ? say('documents.statement.states.failedOn', { at })
    : say('documents.statement.states.failedOnBecause', { at, reason });
}

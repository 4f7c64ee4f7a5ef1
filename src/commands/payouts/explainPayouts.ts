import { returnedPayoutOf } from '../../affiliates/items.ts';
import type { PayoutView } from '../../affiliates/payouts/payout.ts';
import { commandButton, cycleButton } from '../../notices/messages/buttons.ts';
import { type Message, quoted } from '../../notices/messages/message.ts';
import type { Request } from '../core/command.ts';
import { type Explainer, explanationMessage, type Line, lineIf } from '../core/explanation.ts';
import { modelName } from '../core/modelNames.ts';
import { payoutOf } from './ownPayouts.ts';
import { payoutState, payoutTitle, signOf } from './payoutMessages.ts';
import { payoutsMeant } from './suggestions.ts';

export const payoutExplainer: Explainer = {
  thing: 'payout',
  roles: ['affiliate', 'marketer', 'model', 'manager'],
  suggest: (request, typed) => payoutsMeant(request, typed, false),
  async explain(request, id): Promise<Message | null> {
    const { account, display, speech, now } = request;
    const { say, money } = speech;
    // What came back of a payout is explained by the payout.
    const payout = await payoutOf(request, returnedPayoutOf(id) ?? id);
    if (payout === null) return null;
    const what = { amount: money(payout.amount), state: payoutState(payout, speech) };
    const isManager = account.role === 'manager';
    const owner = isManager ? await request.deps.accounts.get(payout.accountId) : account;
    const whose = isManager ? (owner?.name ?? payout.accountId) : undefined;
    return explanationMessage(
      {
        state: signOf(payout),
        title: say('explain.title', { amount: what.amount, thing: payoutTitle(payout, display, whose).payout }),
        id: payout.payoutId,
        paragraphs: [
          isManager
            ? say('explainPayouts.payout.whose', { ...what, account: modelName(owner, payout.accountId) })
            : say('explainPayouts.payout.what', what),
        ],
        lines: [...payoutLines(payout, request), ...(await holdLines(payout, request))],
        buttons: [
          [
            { label: say('commands.statement.title'), command: `/statement ${payout.payoutId}` },
            isManager ? cycleButton(speech.say, payout.cycle) : commandButton(say, 'payouts'),
          ],
        ],
      },
      display,
      now,
    );
  },
};

function payoutLines(payout: PayoutView, request: Request): Line[] {
  const { drawnAt, processingAt, endedAt, count, parts, returned } = payout;
  const { say, money } = request.speech;
  return [
    ...(count === 0 ? [] : commissionLines(payout, request)),
    ...lineIf(
      parts.earnings > 0 && drawnAt,
      say('explainPayouts.payout.earnings', { earnings: money(parts.earnings) }),
      ['6.3', '6.5'],
    ),
    ...lineIf(processingAt, say('explainPayouts.payout.started'), ['6.4']),
    ...lineIf(endedAt, endSentence(payout, request), ['6.4']),
    ...lineIf(returned?.at, returnedSentence(payout, request), ['6.9']),
  ];
}

/** How it was held, by itself or with all payouts of its account, since it was drawn up. */
async function holdLines(payout: PayoutView, { deps, speech }: Request): Promise<Line[]> {
  const { say, instant } = speech;
  const { drawnAt, endedAt } = payout;
  const ended = (at: Date) => endedAt !== null && at > endedAt;
  const holds = (await deps.holds.history(payout)).filter(
    ({ at, until, releasedAt }) => (releasedAt ?? until) > drawnAt && !ended(at),
  );
  return holds.flatMap(({ at, until, releasedAt, payoutId, reason }) => {
    const said = { until: instant(until), reason: quoted(reason, 300) };
    return [
      {
        at,
        text: say(payoutId === null ? 'explainPayouts.payout.accountHeld' : 'explainPayouts.payout.held', said),
        rules: ['6.4'] as const,
      },
      ...lineIf(releasedAt, say('explainPayouts.payout.released'), ['6.4']),
    ];
  });
}

/** Which commissions it pays (rules 6.1–6.3). */
function commissionLines({ cycle, drawnAt, count, parts }: PayoutView, { deps, speech }: Request): Line[] {
  const { say, money, date } = speech;
  const { start, end } = deps.affiliates.payoutCalendar.periodOf(cycle);
  return [
    { at: start, text: say('explainPayouts.payout.approvals', { payday: date(cycle) }), rules: ['6.1'] },
    { at: end, text: say('explainPayouts.payout.cutoff'), rules: ['6.1'] },
    {
      at: drawnAt,
      text: say('explainPayouts.payout.generated', { count, total: money(parts.commissions) }),
      rules: ['6.2', '6.3'],
    },
  ];
}

function returnedSentence({ returned }: PayoutView, { speech: { say } }: Request): string {
  const reason = returned?.reason ?? null;
  return reason === null
    ? say('explainPayouts.payout.returned')
    : say('explainPayouts.payout.returnedFor', { reason: quoted(reason, 300) });
}

function endSentence({ status, reason, reference }: PayoutView, { speech: { say } }: Request): string {
  if (status === 'failed') {
    return reason === null
      ? say('explainPayouts.payout.failed')
      : say('explainPayouts.payout.failedFor', { reason: quoted(reason, 300) });
  }
  return reference === null
    ? say('explainPayouts.payout.paid')
    : say('explainPayouts.payout.paidWith', { reference: quoted(reference, 200) });
}

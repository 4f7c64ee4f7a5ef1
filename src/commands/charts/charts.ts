import { MOST_SERIES, type Panel, type Series } from '../../documents/chart.ts';
import type { InvoiceView } from '../../invoicing/invoice.ts';
import type { WeekId } from '../../kernel/calendar.ts';
import { type MinorUnits, sum } from '../../kernel/money.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import type { Message } from '../../notices/messages/message.ts';
import { AGES } from '../../notices/messages/regular.ts';
import type { Command, Request } from '../core/command.ts';
import { amountsIn, lastWeeks, WEEKS } from '../core/lastWeeks.ts';

/** `/chart`: what people would rather look at (docs/chat.md), by the platform's weeks; the last one is not over yet. */

/** What a model's campaigns cost, by the weeks that are invoiced. */
const modelChart: Command = {
  name: 'chart',
  arguments: '',
  roles: ['model'],
  description: 'commands.chart.ofModel',
  async run(request): Promise<Message> {
    const { deps, account, speech, now } = request;
    const { say, money } = speech;
    const { weeks, labels } = lastWeeks(request);
    const { items } = await deps.invoices.list({ modelId: account.accountId, limit: WEEKS }, now);
    const shown = items.filter(({ week, status }) => weeks.includes(week) && status !== 'void');
    const costs = costsOf(shown);
    if (costs.size === 0) return nothingYet(request, 'invoices');
    const names = await deps.campaignNames([...costs.keys()], now);
    const largest = [...costs]
      .map(([campaignId, byWeek]): Campaign => {
        const values = weeks.map((week) => byWeek.get(week) ?? 0);
        return { name: names.get(campaignId) ?? campaignId, values, total: sum(values) };
      })
      .sort((a, b) => b.total - a.total);
    const title = say('charts.model.title', { total: money(sum(largest.map((one) => one.total))), count: WEEKS });
    const series = seriesOf(largest, say('charts.others'));
    return pictured(request, {
      ...{ name: 'costs.png', title, panels: [{ labels, unit: 'money', series }] },
      paragraphs: [say('charts.model.what')],
      facts: largest.slice(0, MOST_SERIES).map(({ name, total: cost }) => [name, money(cost)]),
      buttons: [[commandButton(say, 'invoices'), commandButton(say, 'balance')]],
    });
  },
};

type Campaign = { name: string; values: MinorUnits[]; total: MinorUnits };

/** What each campaign cost, by week; an invoice can have ten thousand lines. */
function costsOf(invoices: Pick<InvoiceView, 'week' | 'lines'>[]): Map<string, Map<WeekId, MinorUnits>> {
  const costs = new Map<string, Map<WeekId, MinorUnits>>();
  for (const { week, lines } of invoices) {
    for (const { campaignId, cost } of lines) {
      const byWeek = costs.get(campaignId) ?? new Map<WeekId, MinorUnits>();
      costs.set(campaignId, byWeek.set(week, (byWeek.get(week) ?? 0) + cost));
    }
  }
  return costs;
}

/** The largest each by themselves, and all others together where there are too many to tell apart. */
function seriesOf(largest: Campaign[], others: string): Series[] {
  const apart = largest.length > MOST_SERIES ? largest.slice(0, MOST_SERIES - 1) : largest;
  const rest = largest.slice(apart.length);
  const together = (apart[0]?.values ?? []).map((_, index) => sum(rest.map(({ values }) => values[index] ?? 0)));
  return [
    ...apart.map(({ name, values }) => ({ name, values })),
    ...(rest.length === 0 ? [] : [{ name: others, values: together }]),
  ];
}

/** What a marketer brought, and what came in for it. */
const marketerChart: Command = {
  name: 'chart',
  arguments: '',
  roles: ['marketer'],
  description: 'commands.chart.ofMarketer',
  async run(request): Promise<Message> {
    const { deps, account, speech } = request;
    const { say, money } = speech;
    const { timeZone } = deps.platform;
    const { weeks, labels, start } = lastWeeks(request);
    const [fans, incomes] = await Promise.all([
      deps.orders.fansByWeek(account.accountId, start, timeZone),
      deps.ledger.weekIncomes({ account: `marketer:${account.accountId}`, since: start, timeZone }),
    ]);
    const counted = weeks.map((week) => fans.get(week) ?? 0);
    const earned = amountsIn(weeks, incomes);
    if ([...counted, ...earned].every((one) => one === 0)) return nothingYet(request, 'orders');
    const totals = { fans: sum(counted), total: money(sum(earned)), count: WEEKS };
    return pictured(request, {
      name: 'fans-and-earnings.png',
      title: say('charts.marketer.title', totals),
      panels: [
        { heading: say('charts.marketer.fans'), labels, unit: 'count', series: [{ values: counted }] },
        { heading: say('charts.marketer.earnings'), labels, unit: 'money', series: [{ values: earned }] },
      ],
      paragraphs: [say('charts.marketer.what')],
      facts: [],
      buttons: [[commandButton(say, 'earnings'), commandButton(say, 'orders')]],
    });
  },
};

/** What is overdue now, and how punctually the invoices of the last weeks were paid. */
const managerChart: Command = {
  name: 'chart',
  arguments: '',
  roles: ['manager'],
  scope: 'read',
  description: 'commands.chart.ofManager',
  async run(request): Promise<Message> {
    const { deps, speech, now } = request;
    const { say, money } = speech;
    const { weeks, labels } = lastWeeks(request);
    const [overdue, punctuality] = await Promise.all([deps.overdue.byAge(now), deps.overdue.punctuality(weeks, now)]);
    const of = (what: 'onTime' | 'late' | 'unpaid') => weeks.map((week) => punctuality.get(week)?.[what] ?? 0);
    const [onTime, late, unpaid] = [of('onTime'), of('late'), of('unpaid')];
    const ended = sum([...onTime, ...late, ...unpaid]);
    const ages = AGES.map((age) => ({
      label: say('charts.manager.age', { age: age === 'older' ? 'other' : age }),
      total: overdue[age].total,
    }));
    const share = ended === 0 ? 100 : Math.floor((sum(onTime) * 100) / ended);
    return pictured(request, {
      name: 'overdue.png',
      title: say('charts.manager.title', { total: money(sum(ages.map(({ total }) => total))), share, count: WEEKS }),
      panels: [
        {
          ...{ heading: say('charts.manager.overdue'), labels: ages.map(({ label }) => label), unit: 'money' },
          series: [{ values: ages.map(({ total }) => total) }],
        },
        {
          ...{ heading: say('charts.manager.punctuality'), labels, unit: 'count' },
          series: [
            { name: say('charts.manager.onTime'), values: onTime, tone: 'good' },
            { name: say('charts.manager.late'), values: late, tone: 'fair' },
            { name: say('charts.manager.unpaid'), values: unpaid, tone: 'bad' },
          ],
        },
      ],
      paragraphs: [],
      facts: [
        [say('charts.manager.onTime'), say('charts.manager.invoices', { count: sum(onTime) })],
        [say('charts.manager.late'), say('charts.manager.invoices', { count: sum(late) })],
        [say('charts.manager.unpaid'), say('charts.manager.invoices', { count: sum(unpaid) })],
      ],
      buttons: [[commandButton(say, 'overdue'), commandButton(say, 'health')]],
    });
  },
};

export const chartCommands = { model: modelChart, marketer: marketerChart, manager: managerChart } as const;

type Picture = Pick<Message, 'paragraphs' | 'buttons'> & {
  name: string;
  title: string;
  panels: Panel[];
  facts: [string, string][];
};

/** The picture with its words: the title says the whole of it to who cannot see it. */
async function pictured({ deps, display }: Request, wanted: Picture): Promise<Message> {
  const { name, title, panels, paragraphs, facts, buttons } = wanted;
  const attachment = await deps.documents.chart({ name, title, panels, alt: title }, display);
  return { state: 'info', title, paragraphs, facts, attachment, buttons };
}

function nothingYet({ speech: { say } }: Request, instead: 'invoices' | 'orders'): Message {
  return {
    state: 'info',
    title: say('charts.none', { count: WEEKS }),
    paragraphs: [],
    buttons: [[commandButton(say, instead)]],
  };
}

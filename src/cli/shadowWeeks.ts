import type { Config } from '../config.ts';
import { decimalMoney } from '../kernel/money.ts';
import type { WithheldPart } from '../shadow/weeks.ts';
import { withBusiness } from './business.ts';
import { say } from './output.ts';

const PAGE = 500;

/** Shows, the earliest first, what each Monday summed up of a service in shadow, and what has come since; writes nothing. */
export async function shadowWeeks(config: Config): Promise<number> {
  const lines = await withBusiness(config, 'reads', async ({ core: { shadow, platform } }) => {
    const { items } = await shadow.weeks.list({ limit: PAGE });
    const running = await shadow.weeks.running();
    return [
      ...items
        .toReversed()
        .flatMap(({ _id, at, parts }) => [
          `${_id}, until ${at.toISOString()}`,
          ...parts.map((part) => partLine(part, platform.currency)),
        ]),
      'since then',
      ...(running.length === 0 ? ['  nothing'] : running.map((part) => partLine(part, platform.currency))),
    ];
  });
  for (const line of lines) say(line);
  return 0;
}

function partLine({ kind, type, count, amount }: WithheldPart, currency: string): string {
  const money = amount === 0 ? '' : `  ${decimalMoney(amount, currency)} ${currency}`;
  return `  ${kind.padEnd(8)} ${type.padEnd(26)} ${String(count).padStart(7)}${money}`;
}

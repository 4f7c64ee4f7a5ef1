import { tell } from '../support/events.ts';
import type { TestService } from '../support/service.ts';

/** Names that people have, long ones and such as sort by their accents among them. */
export const NAMES: readonly string[] = [
  ...['Anna Almeida', 'Béatrice Dufour', 'Chiara', 'Éloïse', 'Katarzyna Wiśniewska-Brzęczyszczykiewicz', 'Léa Martin'],
  ...['Мария Соколова', 'Nadia', 'Olivia Grant', 'Priya Raghunathan', 'Zoë Peeters', 'Yuki'],
];

/** Where `owe` begins, a Monday; a week later there is an invoice each, due three days after. */
export const BEGIN = '2026-03-02T00:00:00Z';

/** Models `m1`, `m2` … who each owe for one week, the next more than the one before, and are overdue at `at`. */
export async function owe(service: TestService, count: number, at: string): Promise<void> {
  const models = Array.from({ length: count }, (_, index) => index + 1);
  await service.send(
    tell.account('c', 'marketer', { name: 'North Media' }),
    ...models.map((n) => tell.account(`m${n}`, 'model', { name: NAMES[(n - 1) % NAMES.length] ?? `m${n}` })),
    ...models.map((n) => tell.campaign(`k${n}`, `m${n}`, 'c', 5_000)),
    ...models.map((n) => tell.payment(`p${n}`, n * 12_345, '2026-03-03T12:00:00Z', { campaignId: `k${n}` })),
  );
  await service.moveTo(at);
}

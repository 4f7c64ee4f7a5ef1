import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { eventually } from '../../support/eventually.ts';
import { brokenPromises, examplesIn, playExamples } from '../../support/guideExamples.ts';
import { startTestService, TEST_KEY, TEST_SECRET } from '../../support/service.ts';
import { startTelegram, type TelegramStandIn, telegramEnvironment } from '../../support/telegram.ts';

/** docs/quickstart.md, played from its first line that is sent to what the chat shows. */

const GUIDE = read('docs/quickstart.md');
const STRIPE_WEBHOOK_SECRET = 'whsec_quickstart';
const CHAT = 900;

let telegram: TelegramStandIn;
let service: Awaited<ReturnType<typeof startTestService>>;
beforeAll(async () => {
  telegram = await startTelegram();
  service = await startTestService({ STRIPE_WEBHOOK_SECRET, ...telegramEnvironment(telegram) });
});
afterAll(async () => {
  await service.stop();
  await telegram.close();
});

it("leads to a Stripe subscription's commission, by the API and in /commissions", async () => {
  const examples = examplesIn(GUIDE);
  const [tell, stripe, see, link] = await play(examples.slice(0, 2), examples.slice(2));
  expect(examples.flatMap((example, at) => brokenPromises(example, [tell, stripe, see, link][at]))).toEqual([]);

  const { code } = JSON.parse(link?.[0] ?? '') as { code: string };
  await answered(`/start ${code}`);
  expect(undated(await answered('/commissions'))).toBe(undated(block('text')));
});

it('shows the shadow of the sample as its own guide does', () => {
  expect(read('docs/shadow.md')).toContain(block('console').trimEnd());
});

/** Time passes between the parts, as it does while a person types the next line, and what came is worked off. */
async function play(...parts: ReturnType<typeof examplesIn>[]): Promise<string[][]> {
  const printed: string[][] = [];
  for (const part of parts) {
    const env = { API_KEY: TEST_KEY, WEBHOOK_SECRET: TEST_SECRET, STRIPE_WEBHOOK_SECRET };
    printed.push(...(await playExamples(part, service.url.replace(/\/$/, ''), env)));
    await service.moveTo(new Date().toISOString());
  }
  return printed;
}

/** What the bot answers to these words, as a person sees it. */
async function answered(words: string): Promise<string> {
  const before = telegram.fromBot(CHAT).length;
  telegram.say(CHAT, words);
  await eventually(() => telegram.fromBot(CHAT).length > before);
  const answer = telegram.fromBot(CHAT).at(-1);
  if (answer === undefined) throw new Error(`nothing was answered to ${words}`);
  const [, ...lines] = telegram.drawn(answer).split('\n');
  return lines.map((line) => line.slice(2)).join('\n');
}

/** The examples happen today, and what the guide shows on the day when it was written. */
function undated(text: string): string {
  return text
    .trim()
    .replaceAll(/(?:[A-Z][a-z]{2} )?\b\d{1,2} [A-Z][a-z]{2,3}\b(?: \d{4})?(?:, \d\d:\d\d)?/g, 'DATE')
    .replaceAll(/\b[A-Z][a-z]+ \d{4}\b/g, 'MONTH');
}

/** What stands in the one fenced block of this language. */
function block(language: string): string {
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(GUIDE)?.[1] ?? '';
}

function read(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
}

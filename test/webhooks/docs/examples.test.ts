import { afterAll, beforeAll, expect, it } from 'vitest';

import { readGuide } from '../../../webhooks/docs/guides.ts';
import { brokenPromises, examplesIn, playExamples } from '../../support/guideExamples.ts';
import { startTestService, TEST_KEY, TEST_SECRET } from '../../support/service.ts';

/** In the order in which somebody reads them: what one sends, the next asks for. */
const GUIDES = ['integration', 'events', 'api'] as const;

let service: Awaited<ReturnType<typeof startTestService>>;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

it.each(GUIDES)('%s: its examples, by curl and from a program, do what they say', async (name) => {
  const examples = examplesIn(readGuide(name));
  expect(examples.filter(({ language, code }) => language === 'sh' && code.includes('curl '))).not.toEqual([]);
  expect(examples.filter(({ language }) => language !== 'sh')).not.toEqual([]);
  await service.api('POST', '/test/settle');
  const printed = await playExamples(examples, service.url.replace(/\/$/, ''), {
    API_KEY: TEST_KEY,
    WEBHOOK_SECRET: TEST_SECRET,
  });
  expect(examples.flatMap((example, index) => brokenPromises(example, printed[index]))).toEqual([]);
});

import { afterAll, beforeAll, expect, it } from 'vitest';

import { readGuide } from '../../../webhooks/docs/guides.ts';
import { brokenPromises, examplesIn, playExamples } from '../../support/guideExamples.ts';
import { startTestService, TEST_KEY, TEST_SECRET } from '../../support/service.ts';

/** In the order in which somebody reads them: what one sends, the next asks for. Each with what its examples are written in. */
const GUIDES = [
  ['integration', ['js', 'sh']],
  ['events', ['js', 'sh']],
  ['api', ['js', 'sh']],
  ['client', ['ts']],
] as const;

let service: Awaited<ReturnType<typeof startTestService>>;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

it.each(GUIDES)('%s: its examples, by curl and from a program, do what they say', async (name, languages) => {
  const examples = examplesIn(readGuide(name));
  expect([...new Set(examples.map(({ language }) => language))].sort()).toEqual(languages);
  await service.api('POST', '/test/settle');
  const printed = await playExamples(examples, service.url.replace(/\/$/, ''), {
    API_KEY: TEST_KEY,
    WEBHOOK_SECRET: TEST_SECRET,
  });
  expect(examples.flatMap((example, index) => brokenPromises(example, printed[index]))).toEqual([]);
});

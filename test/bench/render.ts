import { render as renderForDiscord } from '../../bots/discord/render.ts';
import { render as renderForTelegram } from '../../bots/telegram/render.ts';
import { noticeMessage } from '../../src/notices/messages/notice.ts';
import { LANGUAGES } from '../../src/texts/languages.ts';
import { contents } from '../support/noticeSamples.ts';
import { type Benchmark, milliseconds, processorSecondsOf } from './measure.ts';

/** What Telegram takes in a second at most: a message may take so long on its way. */
const SECONDS_A_MESSAGE = 1 / 30;
const ROUNDS = 50;

/** Every kind of notice said in every language and rendered for both channels, beside the time that sending it may take. */
export const render: Benchmark = {
  run: async () => {
    const samples = contents('Anna');
    const displays = LANGUAGES.map((locale) => ({ timeZone: 'Europe/Kyiv', currency: 'USD', locale }));
    const sayAll = async () => {
      for (const display of displays)
        for (const content of samples) {
          const message = noticeMessage(content, display);
          renderForTelegram(message);
          renderForDiscord(message);
        }
    };
    // Texts are compiled, and formats made, when they are said for the first time: a service does that once.
    const first = await processorSecondsOf(sayAll);
    const seconds = await processorSecondsOf(async () => {
      for (let round = 0; round < ROUNDS; round += 1) await sayAll();
    });
    const count = samples.length * displays.length;
    return [
      figureOf('a notice said and rendered for both channels', seconds / ROUNDS / count),
      figureOf('the same for the first time in a process', first / count),
    ];
  },
};

function figureOf(name: string, seconds: number) {
  const limit = `${milliseconds(SECONDS_A_MESSAGE)} that sending may take`;
  return { name, figure: milliseconds(seconds), limit, ratio: seconds / SECONDS_A_MESSAGE, goal: { atMost: 0.1 } };
}

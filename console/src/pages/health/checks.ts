import type { AnswerOf } from '../../api.ts';
import type { Console } from '../../context.ts';
import type { PlainKey } from '../../say.ts';
import type { Fact } from '../../ui/Facts.tsx';

type State = Pick<AnswerOf<'GET /v1/health'>, 'checks' | 'clockOffsetSeconds'>;
type Checks = State['checks'];
type Words<Name extends keyof Checks> = Record<NonNullable<Checks[Name]>, PlainKey>;

const DATABASE: Words<'database'> = {
  commits: 'checks.commits',
  'has no primary': 'checks.noPrimary',
  'has no majority': 'checks.noMajority',
  'cannot be reached': 'checks.unreachable',
  'commits nothing in time': 'checks.late',
  'leaves no connection free': 'checks.noConnection',
  'does not answer': 'checks.noAnswer',
};
const BOT: Words<'telegram'> = {
  connecting: 'checks.connecting',
  on: 'checks.on',
  off: 'checks.off',
  stopped: 'checks.stopped',
};
const SHADOW: Words<'shadow'> = { 'on: nothing is sent out': 'checks.inShadow' };

/** What is checked of the service, and how it is. */
export function checkFacts(
  { checks, clockOffsetSeconds }: State,
  { say, format }: Pick<Console, 'say' | 'format'>,
): Fact[] {
  const { database, clock, telegram, discord, shadow } = checks;
  const clockWords =
    clock === 'agrees'
      ? say('checks.agrees')
      : say('checks.apart', { seconds: format.count(Math.abs(clockOffsetSeconds)) });
  return [
    ...(database === undefined ? [] : [{ label: say('checks.database'), value: say(DATABASE[database]) }]),
    ...(clock === undefined ? [] : [{ label: say('checks.clock'), value: clockWords }]),
    ...(telegram === undefined ? [] : [{ label: say('channels.telegram'), value: say(BOT[telegram]) }]),
    ...(discord === undefined ? [] : [{ label: say('channels.discord'), value: say(BOT[discord]) }]),
    ...(shadow === undefined ? [] : [{ label: say('checks.shadow'), value: say(SHADOW[shadow]) }]),
  ];
}

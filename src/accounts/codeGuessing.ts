import { LINK_ATTEMPTS } from './linkCode.ts';

/** So many wrong codes of all users within an hour are slips; more are somebody's guesses. */
export const WRONG_CODES_AN_HOUR = 300;
/** How many codes a user may try while somebody guesses: a slip is forgiven, and a link sends the right one at once. */
const ATTEMPTS_WHILE_GUESSED = 2;
/** Codes are tried one by one then, so far apart, whoever sends them and from however many chats. */
const TURN_MS = 100;
/** Whoever would have to wait longer for a turn is asked to come again. */
const LONGEST_WAIT_MS = 10_000;
const HOUR_MS = 3_600_000;

export type CodeGuessing = ReturnType<typeof createCodeGuessing>;

/**
 * Bounds the guessing of codes by all users together. Wrong codes alone count, and when there are too many, trying is slowed
 * and never stopped: so nobody can keep others from linking, and a right code works at any time. By real, monotonic time.
 */
export function createCodeGuessing(deps: { milliseconds: () => number; wait: (ms: number) => Promise<void> }) {
  const { milliseconds } = deps;
  /** When the latest wrong codes were tried, the oldest first; as many as make a flood. */
  let wrong: number[] = [];
  let nextTurnAt = 0;

  function isFlooded(): boolean {
    const [oldest] = wrong;
    return wrong.length >= WRONG_CODES_AN_HOUR && oldest !== undefined && oldest > milliseconds() - HOUR_MS;
  }

  /** Resolves when a code may be tried: at once as a rule; with false when the person has to come again. */
  async function turn(): Promise<boolean> {
    if (!isFlooded()) return true;
    const now = milliseconds();
    const at = Math.max(now, nextTurnAt);
    if (at - now > LONGEST_WAIT_MS) return false;
    nextTurnAt = at + TURN_MS;
    await deps.wait(at - now);
    return true;
  }

  /** Notes a wrong code; answers whether it is the one that makes a flood of them. */
  function noteWrong(): boolean {
    const before = isFlooded();
    wrong = [...wrong, milliseconds()].slice(-WRONG_CODES_AN_HOUR);
    return !before && isFlooded();
  }

  return { turn, noteWrong, attempts: () => (isFlooded() ? ATTEMPTS_WHILE_GUESSED : LINK_ATTEMPTS) };
}

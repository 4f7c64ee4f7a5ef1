import { SESSION_HOURS } from '../../console/sessions.ts';
import { endSessionCommand, placeOf } from '../../notices/messages/accounts.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import type { Button, Message } from '../../notices/messages/message.ts';
import type { Request } from '../core/command.ts';

/** `/settings sessions`, `/settings sessions end ID`, `/settings sessions end all`: who is in the console as this person. */
export async function sessions(request: Request, [act, which]: string[]): Promise<Message> {
  const { deps, account, actor, speech } = request;
  const { accountId } = account;
  if (act?.toLowerCase() !== 'end' || which === undefined) return listOf(request, null);
  const { sessions } = deps.console;
  const count =
    which.toLowerCase() === ALL
      ? await sessions.endAll(accountId, actor)
      : Number(await sessions.end(accountId, which, actor));
  return listOf(request, speech.say('settings.sessions.ended', { count }));
}

/** What is open now; `done` is what was just ended. */
async function listOf({ deps, account, speech }: Request, done: string | null): Promise<Message> {
  const { say, instant } = speech;
  const open = await deps.console.sessions.list(account.accountId);
  const count = open.length;
  const numbered = open.map((session, index) => ({
    session,
    place: say('settings.sessions.numbered', { number: String(index + 1), place: placeOf(session, say) }),
  }));
  return {
    title: done ?? say('settings.sessions.title', { count }),
    paragraphs: [
      ...(done === null ? [] : [say('settings.sessions.left', { count })]),
      count === 0 ? say('settings.sessions.none') : say('settings.sessions.about', { hours: SESSION_HOURS }),
    ],
    facts: numbered.map(({ session: { way, openedAt, lastUsedAt }, place }) => [
      place,
      say('settings.sessions.row', {
        way: way === 'telegram' ? way : 'other',
        since: instant(openedAt),
        used: instant(lastUsedAt),
      }),
    ]),
    buttons: [
      ...numbered.map(({ session, place }): Button[] => [
        {
          label: say('settings.sessions.end', { place }),
          command: endSessionCommand(session.sessionId),
          weight: 'danger',
        },
      ]),
      ...(count > 1
        ? [[{ label: say('settings.sessions.endAll'), command: endSessionCommand(ALL), weight: 'danger' as const }]]
        : []),
      [commandButton(say, 'settings')],
    ],
  };
}

/** How many are open, where there is a console. */
export async function sessionFacts({ deps, account, display, speech }: Request): Promise<[string, string][]> {
  if (display.pages?.console === undefined) return [];
  const { length: count } = await deps.console.sessions.list(account.accountId);
  return [[speech.say('settings.overview.console'), speech.say('settings.overview.sessions', { count })]];
}

const ALL = 'all';

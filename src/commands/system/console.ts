import { isForButtons, linkAddress, miniAppAddress } from '../../console/addresses.ts';
import { LINK_SECONDS } from '../../console/links.ts';
import { SESSION_HOURS } from '../../console/sessions.ts';
import { ROLES } from '../../events/catalogue.ts';
import { sessionsButton } from '../../notices/messages/accounts.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { copyable } from '../../notices/messages/marks.ts';
import type { Message } from '../../notices/messages/message.ts';
import type { Command, Request } from '../core/command.ts';

/** `/console`: the link into the console (docs/console.md). It is in the answer alone: what is stored of it is a hash. */
export const consoleCommand: Command = {
  name: 'console',
  arguments: '',
  roles: ROLES,
  scope: null,
  description: 'commands.console.description',
  // So a forwarded message gets nobody a link.
  changes: true,
  inChatOnly: true,
  async run(request) {
    const { deps, person, account, now, display, speech } = request;
    const console = display.pages?.console;
    if (console === undefined) return switchedOff(request);
    const link = await deps.console.links.create(person, account, now);
    if (link.kind === 'too-many') return tooMany(request, link.waitSeconds);
    const { say } = speech;
    const address = linkAddress(console, link.token);
    const isButton = isForButtons(console);
    return {
      title: say('console.title'),
      paragraphs: [
        say('console.what', { seconds: LINK_SECONDS }),
        say('console.then', { hours: SESSION_HOURS }),
        ...(isButton ? [] : [copyable(address)]),
      ],
      buttons: [
        ...(isButton ? [[{ label: say('console.open'), url: address }]] : []),
        ...(isButton ? [[{ label: say('console.inTelegram'), app: miniAppAddress(console) }]] : []),
        [sessionsButton(say)],
      ],
      isSecret: true,
    };
  },
};

function switchedOff({ account: { role }, speech: { say } }: Request): Message {
  const who = role === 'manager' ? 'manager' : 'other';
  return {
    title: say('console.off.title'),
    paragraphs: [say('console.off.what', { role: who })],
    buttons: [[commandButton(say, 'help')]],
  };
}

function tooMany({ speech: { say } }: Request, seconds: number): Message {
  return {
    title: say('console.tooMany.title'),
    paragraphs: [say('console.tooMany.what', { seconds })],
    buttons: [[commandButton(say, 'console')]],
  };
}

import { z } from 'zod';

import { written } from '../fields.ts';
import { ROLES } from '../incoming/people.ts';
import { eventsOut } from './eventsOut.ts';

const { id, instant, text } = written;

const unreachableData = z
  .object({
    accountId: id.meta({ description: 'Who cannot be reached.', examples: ['ava'] }),
    role: z.enum(ROLES).meta({ description: 'What they are here.', examples: ['model'] }),
    name: text.meta({ description: 'What they are called.', examples: ['Ava'] }),
    since: instant.meta({ description: 'Since when.' }),
    chats: z
      .array(
        z.object({
          channel: z.enum(['telegram', 'discord']).meta({ description: 'Where the chat is.', examples: ['telegram'] }),
          chatUser: z.string().meta({ description: 'Who they are there.', examples: ['telegram:4711'] }),
          reason: text.optional().meta({
            description: 'Why messages do not arrive, where they do not.',
            examples: ['blocked'],
          }),
          since: instant.optional().meta({ description: 'Since when they do not.' }),
        }),
      )
      .meta({ description: 'The linked chats; none for who never linked one.' }),
  })
  .meta({ id: 'UnreachableAccount' });

export const PEOPLE_OUT = eventsOut({
  title: 'people',
  subject: 'account:ava',
  about: '`data` is who it is, and what was tried:',
  data: unreachableData,
  example: {
    accountId: 'ava',
    role: 'model',
    name: 'Ava',
    since: '2026-11-23T06:00:00.000Z',
    chats: [{ channel: 'telegram', chatUser: 'telegram:4711', reason: 'blocked', since: '2026-11-23T06:00:00.000Z' }],
  },
  types: {
    'account.unreachable': {
      when: 'there is something to do for a person, and no chat of theirs takes a message; once until one does. Tell them yourself, and [link a chat](integration.md#link-peoples-chats)',
    },
  },
});

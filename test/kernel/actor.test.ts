import { expect, it } from 'vitest';

import { actorIn, personIn } from '../../src/kernel/actor.ts';

it.each([
  ['boss via telegram:Zk3', { kind: 'person', accountId: 'boss', channel: 'telegram' }],
  ['a:b.c via discord:x_9', { kind: 'person', accountId: 'a:b.c', channel: 'discord' }],
  ['platform', { kind: 'platform' }],
  ['service', { kind: 'service' }],
  ['command line', { kind: 'command-line', user: null }],
  ['cli:deploy', { kind: 'command-line', user: 'deploy' }],
  ['ops', { kind: 'key', name: 'ops' }],
  ['ops.via-telegram', { kind: 'key', name: 'ops.via-telegram' }],
])('%s', (text, actor) => {
  expect(actorIn(text)).toEqual(actor);
  expect(personIn(text)).toBe('accountId' in actor ? actor.accountId : null);
});

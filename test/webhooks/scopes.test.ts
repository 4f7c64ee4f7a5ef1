import { beforeAll, describe, expect, it } from 'vitest';

import { COMMANDS } from '../../src/commands/registry.ts';
import { allows, SCOPES } from '../../src/rights/scope.ts';
import { OPERATION_SCOPES, SESSION_OPERATIONS } from '../../webhooks/scopes.ts';
import { type Described, describedOperations } from '../support/operations.ts';

let operations: Described[];
beforeAll(async () => {
  operations = (await describedOperations()).filter(({ path }) => /^\/(v1|test)\//.test(path));
});

describe('the scopes of operations', () => {
  it('stand in the table, each operation behind the key once, and nothing else', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect([...Object.keys(OPERATION_SCOPES), ...SESSION_OPERATIONS].sort()).toEqual(ids.sort());
  });

  it('are more than read for whatever is no GET, and are said in the description', () => {
    for (const { method, operationId, description, scope } of operations) {
      if (SESSION_OPERATIONS.includes(operationId)) continue;
      if (method !== 'get') expect([operationId, scope]).not.toEqual([operationId, 'read']);
      expect(description).toContain(`Needs the scope \`${scope}\`.`);
    }
  });

  it('are one for each address: an id that looks like another address opens nothing', () => {
    for (const one of operations) {
      const address = one.path.replaceAll(/\{\w+\}/g, 'x');
      const others = operations.filter((other) => other.method === one.method && patternOf(other.path).test(address));
      expect([one.path, new Set(others.map(({ scope }) => scope))]).toEqual([one.path, new Set([one.scope])]);
    }
  });
});

describe('the scopes of commands', () => {
  it('are named by every command of managers', () => {
    const ofManagers = COMMANDS.filter(({ roles }) => roles.includes('manager'));
    expect(ofManagers.filter(({ scope }) => scope === undefined)).toEqual([]);
  });

  it('are more than read for what changes something, unless it is about the person alone', () => {
    const changing = COMMANDS.filter(({ changes, scope }) => changes === true && scope !== undefined);
    const free = changing.filter(({ scope }) => scope === null || scope === 'read').map(({ name }) => name);
    expect(free).toEqual(['reply', 'console', 'settings', 'unlink']);
  });
});

describe('what one scope has of others', () => {
  it.each(SCOPES)('%s', (scope) => {
    const others = SCOPES.filter((other) => allows([scope], other));
    expect(others).toEqual(scope === 'admin' ? SCOPES : [...new Set(['read', scope])]);
  });

  it('is nothing without any', () => {
    expect(SCOPES.filter((scope) => allows([], scope))).toEqual([]);
  });
});

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

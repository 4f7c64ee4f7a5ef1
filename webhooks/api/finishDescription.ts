import type { ApiApp } from '../dependencies.ts';
import { codeWords, PROBLEM_CODES } from '../problem.ts';
import { OPERATION_SCOPES } from '../scopes.ts';
import { problemExample, REFUSALS } from './shared.ts';

type Description = ReturnType<ApiApp['getOpenAPI31Document']>;
type PathItem = NonNullable<Description['paths']>[string];
type Operation = NonNullable<PathItem['get']>;

/**
 * What holds for every call of a kind, and no route says of itself: the header of a `POST`, the refusals of what stands in
 * front of all routes, and what each code of a refusal means.
 */
export function finishDescription(description: Description): Description {
  for (const [path, item] of Object.entries(description.paths ?? {})) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation === undefined || !KEYED.test(path)) continue;
      refuseAsAll(operation, method);
      sayScope(operation);
      if (method === 'post' && path.startsWith('/v1/')) takeIdempotencyKey(operation);
    }
  }
  description.components ??= {};
  description.components.parameters = { ...description.components.parameters, IdempotencyKey: IDEMPOTENCY_KEY };
  explainCodes(description);
  return description;
}

const METHODS = ['get', 'post', 'put', 'delete'] as const;
/** Behind the key: see app.ts. */
const KEYED = /^\/(v1|test)\//;

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description:
    'The same request again under the same key, within 24 hours, gets the first answer, with `Idempotency-Replayed: true`; while that is worked on, `409` with `in_progress`. Another request under it is a `422`. What is only simulated uses no key up.',
  schema: { type: 'string' as const, pattern: '^[\\x21-\\x7e]{1,255}$' },
  example: 'pay-2026-W47-ava',
};

function takeIdempotencyKey(operation: Operation): void {
  operation.parameters = [...(operation.parameters ?? []), { $ref: '#/components/parameters/IdempotencyKey' }];
}

/** Where people read what a call needs, and programs too. */
function sayScope(operation: Operation): void {
  const scope = OPERATION_SCOPES[operation.operationId ?? ''];
  if (scope === undefined) return;
  const description = [operation.description, `Needs the scope \`${scope}\`.`].filter((part) => part !== undefined);
  Object.assign(operation, { description: description.join(' '), 'x-scope': scope });
}

function refuseAsAll(operation: Operation, method: string): void {
  const ofBody = method === 'get' ? [] : ([400, 408, 413, 415, 422] as const);
  const ofKey = method === 'post' ? ([409] as const) : [];
  const statuses = [401, 403, ...ofBody, ...ofKey, 429, 503] as const;
  const schema = { $ref: '#/components/schemas/Problem' };
  operation.responses = { ...operation.responses };
  for (const status of statuses) {
    operation.responses[status] ??= {
      description: REFUSALS[status],
      content: { 'application/problem+json': { schema, example: problemExample(status) } },
    };
  }
}

function explainCodes({ components }: Description): void {
  const problem = components?.schemas?.Problem;
  const reason = problem !== undefined && 'properties' in problem ? problem.properties?.reason : undefined;
  if (reason === undefined) throw new RangeError('the description has no problems, whose codes it explains');
  Object.assign(reason, {
    'x-enumDescriptions': Object.fromEntries(PROBLEM_CODES.map((code) => [code, codeWords(code)])),
  });
}

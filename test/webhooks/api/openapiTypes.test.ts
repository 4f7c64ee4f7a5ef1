import openapiTypes, { astToString } from 'openapi-typescript';
import ts from 'typescript-6';
import { afterAll, beforeAll, expect } from 'vitest';
import { deepTest } from '../../support/depth.ts';
import { type TestService, testService } from '../service.ts';

let service: TestService;
let types: string;
beforeAll(async () => {
  service = await testService();
  const description = await (await service.app().request('/openapi.json')).text();
  types = astToString(await openapiTypes(description));
});
afterAll(() => service.database.close());

/** What a platform would write with the types that openapi-typescript makes. */
const USAGE = `
import type { components, operations, webhooks } from './types.ts';

type Event = components['schemas']['PlatformEvent'];
const event: Event = {
  type: 'balance.topped_up',
  timestamp: '2026-11-23T09:00:00Z',
  data: { topUpId: 't', accountId: 'ava', amount: 100, toppedUpAt: '2026-11-23T09:00:00Z' },
};
// @ts-expect-error: an account needs a name
const nameless: Event = { type: 'account.updated', timestamp: '', data: { accountId: 'ava', role: 'model' } };

type Overdue = webhooks['invoice.overdue']['post']['requestBody']['content']['application/json'];
export function told({ type, subject, sequence, data }: Overdue) {
  const total: number = data.total;
  const paidAt: string | null = data.completedAt;
  // @ts-expect-error: there is no such status
  if (data.status === 'late') return null;
  return { type, subject, sequence, total, paidAt, cost: data.lines.map(({ cost }) => cost) };
}

type Pay = operations['payInvoice'];
export const parameters: Pay['parameters'] = { path: { id: '2026-W47:ava' }, header: { 'Idempotency-Key': 'k' } };
export function refused(problem: Pay['responses'][409]['content']['application/problem+json']): boolean {
  // @ts-expect-error: there is no such code
  if (problem.reason === 'no_money') return false;
  return problem.reason === 'insufficient_balance';
}
type Receipt = operations['sendEvent']['responses'][202]['content']['application/json'];
export const warned = ({ warnings = [] }: Receipt): string[] => warnings.map(({ path }) => path);
void [event, nameless];
`;

deepTest('openapi-typescript makes types of it that a platform can write with', () => {
  expect(problemsOf({ 'types.ts': types, 'usage.ts': USAGE })).toEqual([]);
});

/** What the compiler says of some files that lie nowhere. */
function problemsOf(files: Record<string, string>): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  const textOf = (path: string) => files[path.replace(/^.*\//, '')];
  host.fileExists = (path) => textOf(path) !== undefined || fileExists(path);
  host.getSourceFile = (path, language, ...rest) => {
    const text = textOf(path);
    return text === undefined ? getSourceFile(path, language, ...rest) : ts.createSourceFile(path, text, language);
  };
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(['usage.ts'], options, host));
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

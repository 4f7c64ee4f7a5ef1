import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What somebody gets who installs the package and nothing else: the built client alone, without zod and the rest of the service. */

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

/** A program that uses it all, and mistakes that must not compile. */
const PROGRAM = `
import { createClient, RefusedError, type PlatformEvent, type WebhookEvent } from 'settlebot/client';

const settlebot = createClient({ url: 'http://settlebot', webhookSecret: 'whsec_AAAA', apiKey: undefined });
export async function use(request: Request, signal: AbortSignal | undefined): Promise<string> {
  const toppedUp = { topUpId: 't', accountId: 'a', amount: 1, toppedUpAt: new Date() };
  const event: PlatformEvent = { id: 'e', type: 'balance.topped_up', timestamp: '2026-01-01T00:00:00Z', data: toppedUp };
  const { status } = await settlebot.send(event, { signal });
  // @ts-expect-error: there is no such type
  await settlebot.send({ id: 'e', type: 'balance.up', timestamp: new Date(), data: toppedUp });
  // @ts-expect-error: a field is missing
  await settlebot.send({ id: 'e', type: 'balance.topped_up', timestamp: new Date(), data: { topUpId: 't' } });
  // @ts-expect-error: no such state of an answer
  if (status === 'lost') return status;
  for (const result of await settlebot.sendMany([event])) {
    if (result.status === 'refused') return result.error.code;
  }
  const invoice = await settlebot.call('GET /v1/invoices/{id}', { path: { id: 'i' } });
  // @ts-expect-error: the id is missing
  await settlebot.call('GET /v1/invoices/{id}');
  // @ts-expect-error: that answers no list
  settlebot.items('GET /v1/invoices/{id}', { path: { id: 'i' } });
  for await (const one of settlebot.items('GET /v1/invoices', { query: { status: 'open' } })) return one.week;
  const webhook: WebhookEvent = await settlebot.verify(request);
  switch (webhook.type) {
    case 'invoice.issued':
      return webhook.data.week;
    case 'order.accepted':
      // @ts-expect-error: an order has no week
      return webhook.data.week;
    default:
      return \`\${invoice.total} \${new RefusedError({ status: 422, code: 'invalid', message: '' }).code}\`;
  }
}
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settlebot-client-'));
  const installed = join(folder, 'node_modules', 'settlebot');
  await mkdir(join(installed, 'dist'), { recursive: true });
  await cp(join(root, 'dist', 'client'), join(installed, 'dist', 'client'), { recursive: true });
  await cp(join(root, 'package.json'), join(installed, 'package.json'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'program.ts'), PROGRAM);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the installed client', () => {
  it.each([
    ['with the types of Node and none of a browser', { lib: ['es2023'], types: ['node'], module: 'nodenext' }],
    ['with those of a browser, for a bundler', { lib: ['es2023', 'dom'], types: [], module: 'esnext' }],
  ])('has types that need nothing else, %s', async (_, { lib, types, module }) => {
    const compilerOptions = {
      ...{ target: 'es2022', lib, types, module, moduleResolution: module === 'esnext' ? 'bundler' : module },
      ...{ strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false },
      typeRoots: [join(root, 'node_modules', '@types')],
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['program.ts'] }));
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout } = await run(process.execPath, [compiler, '-p', folder]).catch((error) => error);
    expect(stdout).toBe('');
  });

  it('runs, and imports nothing from elsewhere', async () => {
    await writeFile(
      join(folder, 'run.mjs'),
      `import { createClient } from 'settlebot/client';
      const settlebot = createClient({ url: 'http://x', apiKey: 'k', fetch: async (url) => Response.json({ url }) });
      console.log((await settlebot.call('GET /v1/invoices/{id}', { path: { id: 'i' } })).url);`,
    );
    expect((await run(process.execPath, [join(folder, 'run.mjs')])).stdout.trim()).toBe('http://x/v1/invoices/i');
  });

  it('is where package.json says', async () => {
    const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    for (const path of Object.values<string>(exports['./client'])) await readFile(join(root, path));
  });
});

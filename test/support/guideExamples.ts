import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { marked } from 'marked';

/**
 * The examples of a guide that say that they run: fenced blocks such as ```sh run. What one prints is what its comments say
 * that look like it (`# {"status":…}`, in JavaScript and TypeScript `// {…}`), where `…` stands for anything.
 */
export type Example = { language: string; code: string };

export function examplesIn(markdown: string): Example[] {
  return marked.lexer(markdown).flatMap((token) => {
    const [language = '', mark] = token.type === 'code' ? (token.lang ?? '').split(' ') : [];
    return token.type === 'code' && mark === 'run' ? [{ language, code: token.text as string }] : [];
  });
}

/** What the comments of an example say that it prints, line by line. */
function promisedBy({ language, code }: Example): string[] {
  const sign = language === 'sh' ? '# ' : '// ';
  return code.split('\n').flatMap((line) => (/^(# |\/\/ )[[{]/.test(line) ? [line.slice(sign.length)] : []));
}

/** Whether a line is what was promised. */
function isPromised(promised: string, line: string): boolean {
  const parts = promised.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(line);
}

/** What an example printed beside what it says that it prints, where they differ: null for a line that never came. */
export function brokenPromises(example: Example, lines: string[] = []): { promised: string; printed: string | null }[] {
  return promisedBy(example).flatMap((promised, at) => {
    const printed = lines[at] ?? null;
    return printed !== null && isPromised(promised, printed) ? [] : [{ promised, printed }];
  });
}

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Where the guides' examples find the service; in a test it is elsewhere. */
const WRITTEN_URL = 'http://127.0.0.1:3000';

/** Plays the examples of a guide one after the other, and says what each printed. Shell examples are typed into one shell. */
export async function playExamples(examples: Example[], url: string, env: Record<string, string>): Promise<string[][]> {
  const folder = await mkdtemp(join(root, 'node_modules/.guide-'));
  try {
    const printed: string[][] = [];
    let defined = '';
    for (const [index, { language, code }] of examples.entries()) {
      const here = code.replaceAll(WRITTEN_URL, url);
      if (language === 'sh') {
        printed.push(await run('bash', ['-euc', `${defined}${here}`], env));
        // As in one shell, where a function is known from then on.
        defined += `${functionsOf(here)}\n`;
      } else {
        const file = join(folder, `example${index}.${language === 'ts' ? 'ts' : 'mjs'}`);
        await writeFile(file, here.replaceAll("'settlebot/client'", `'${join(root, 'client/index.ts')}'`));
        printed.push(await run(process.execPath, ['--import', LOADER, file], env));
      }
    }
    return printed;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const LOADER = new URL('typescript.mjs', import.meta.url).href;

function functionsOf(code: string): string {
  return [...code.matchAll(/^\w+\(\) \{[\s\S]*?^\}$/gm)].map(([text]) => text).join('\n');
}

/** The lines that a program prints. Fails when it does. */
async function run(command: string, parameters: string[], env: Record<string, string>): Promise<string[]> {
  const { stdout } = await promisify(execFile)(command, parameters, { env: { PATH: process.env.PATH, ...env } });
  return stdout.split('\n').filter((line) => line !== '');
}

import { createInterface } from 'node:readline';

import { olga, PEOPLE } from './cast.ts';
import { show } from './show.ts';
import type { Person, Stage } from './stage.ts';

/** Leaves the demo's world open in the console, and prints a link into it for whoever is asked for, until the signal. */
export async function openConsole(stage: Stage, signal: AbortSignal): Promise<void> {
  show.heading('The console');
  await printLink(stage, olga);
  show.line(
    `Enter: another link. A name and Enter: theirs, one of ${PEOPLE.map(({ accountId }) => accountId).join(', ')}.`,
  );
  show.line('Ctrl-C ends it, and nothing of it is kept.');
  const lines = createInterface({ input: process.stdin, signal });
  lines.on('line', (line) => {
    const asked = line.trim().toLowerCase();
    const person = asked === '' ? olga : PEOPLE.find(({ accountId }) => accountId === asked);
    if (person === undefined) show.line(`There is no ${line.trim()} in the demo.`);
    else printLink(stage, person).catch((error: unknown) => show.line(String(error)));
  });
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Asks for it in the person's chat, as they would. */
async function printLink(stage: Stage, { name, role, ...person }: Person): Promise<void> {
  const answer = await stage.ask({ name, role, ...person }, '/console');
  const [link] = /https?:\S+#link=\S+/.exec(answer) ?? [];
  show.line(link === undefined ? answer : `${name}, ${role}, for 60 seconds and once: ${link}`);
}

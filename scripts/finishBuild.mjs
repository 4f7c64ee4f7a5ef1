// What the compiler leaves to do: the page of the API gets its script beside it, so that the built service needs no
// package for it, texts, guides, rules and schemas stand beside what reads them, and the command gets the right to be run.
import { chmodSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = (path) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));

const script = fileURLToPath(import.meta.resolve('@scalar/api-reference/browser/standalone.js'));
copyFileSync(script, built('webhooks/docs/scalar.js'));
const texts = new URL('../src/texts/', import.meta.url);
for (const name of readdirSync(texts)) {
  if (name.endsWith('.json') && name !== 'translated.json')
    copyFileSync(new URL(name, texts), built(`src/texts/${name}`));
}
mkdirSync(built('src/paymentFiles/schema'), { recursive: true });
copyFileSync(
  new URL('../src/paymentFiles/schema/pain.001.001.09.xsd', import.meta.url),
  built('src/paymentFiles/schema/pain.001.001.09.xsd'),
);
copyFileSync(new URL('../docs/rules.md', import.meta.url), built('webhooks/rules.md'));
const { GUIDES } = await import('../dist/webhooks/docs/page.js');
for (const name of Object.keys(GUIDES)) {
  copyFileSync(new URL(`../docs/${name}.md`, import.meta.url), built(`webhooks/docs/${name}.md`));
}
chmodSync(built('src/cli.js'), 0o755);

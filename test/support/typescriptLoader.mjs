import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

/**
 * openapi-typescript makes types by TypeScript's JavaScript interface, which TypeScript 7 does not have: it is handed the version before.
 * @type {import('node:module').ResolveHook}
 */
export async function resolve(specifier, context, nextResolve) {
  const isItsOwn = specifier === 'typescript' && context.parentURL?.includes('/node_modules/openapi-typescript/');
  return nextResolve(isItsOwn ? 'typescript-6' : specifier, context);
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context);
  const source = await readFile(fileURLToPath(url), 'utf8');
  const { code } = await transform(source, { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } });
  return { format: 'module', source: code, shortCircuit: true };
}

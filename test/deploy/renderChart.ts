import { createHash } from 'node:crypto';
import { parse, stringify } from 'yaml';

/**
 * What Helm makes of a template, for the little of its language that the chart uses: values by their path, `if`, `not`, `else`,
 * `required`, and the functions below. Anything else throws, so that the chart stays this simple.
 */
export function renderTemplate(template: string, scope: Scope): string {
  const tokens = template.split(/(\{\{.*?\}\})/s);
  const output: string[] = [];
  const shown: boolean[] = [];
  for (const token of tokens) {
    const [, trimsBefore, action, trimsAfter] = /^\{\{(-?)\s*(.*?)\s*(-?)\}\}$/s.exec(token) ?? [];
    if (action === undefined) {
      if (shown.every(Boolean)) output.push(token);
      continue;
    }
    if (trimsAfter === '-') throw new Error(`the chart trims before an action only: ${token}`);
    if (trimsBefore === '-' && shown.every(Boolean)) output.push(output.pop()?.trimEnd() ?? '');
    const [word = '', ...rest] = action.split(' ');
    if (word === 'if') shown.push(isTrue(rest.join(' '), scope));
    else if (word === 'else') shown.push(!shown.pop());
    else if (word === 'end') {
      if (shown.pop() === undefined) throw new Error('an end too many');
    } else if (shown.every(Boolean)) output.push(String(evaluate(action, scope)));
  }
  if (shown.length > 0) throw new Error('an if has no end');
  return output.join('');
}

export type Scope = { Values: unknown; Release: { Name: string }; file: (name: string) => string };

/** The documents of what was rendered. */
export function documentsOf(text: string): Record<string, unknown>[] {
  return text
    .split(/^---$/m)
    .map((one) => parse(one))
    .filter((one) => one !== null);
}

function isTrue(condition: string, scope: Scope): boolean {
  if (condition.startsWith('not ')) return !isTrue(condition.slice('not '.length), scope);
  const value = valueAt(condition, scope);
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

function evaluate(action: string, scope: Scope): unknown {
  const [first = '', ...functions] = action.split(' | ');
  const file = /^\.Files\.Get "(.+)"$/.exec(first)?.[1];
  const [, message, path] = /^required "(.+)" (\S+)$/.exec(first) ?? [];
  let value = file !== undefined ? scope.file(file) : valueAt(path ?? first, scope);
  if (message !== undefined && (value === '' || value === undefined)) throw new Error(message);
  for (const name of functions) value = apply(name, value);
  return value;
}

function apply(name: string, value: unknown): unknown {
  const indent = /^nindent (\d+)$/.exec(name)?.[1];
  if (indent !== undefined)
    return `\n${String(value)
      .trimEnd()
      .replaceAll(/^(?=.)/gm, ' '.repeat(Number(indent)))}`;
  if (name === 'toJson' || name === 'quote') return JSON.stringify(value);
  if (name === 'toYaml') return stringify(value).trimEnd();
  if (name === 'sha256sum') return createHash('sha256').update(String(value)).digest('hex');
  throw new Error(`the chart uses a function that is none of its own: ${name}`);
}

function valueAt(path: string, scope: Scope): unknown {
  if (!/^\.(?:Values|Release)(?:\.\w+)+$/.test(path))
    throw new Error(`the chart has an expression that is no path: ${path}`);
  let value: unknown = scope;
  for (const key of path.slice(1).split('.')) {
    if (typeof value !== 'object' || value === null || !(key in value)) throw new Error(`there is no ${path}`);
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

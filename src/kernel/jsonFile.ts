import { readFileSync } from 'node:fs';

/**
 * What a file of the configuration has, or that it cannot be read, named by the variable that names it: the messages of what
 * failed name the file or quote its content, and no value is ever shown.
 */
export function readJsonFile(file: string, name: string): { content: unknown } | { errors: string[] } {
  try {
    return { content: JSON.parse(readFileSync(file, 'utf8')) };
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is none' : unreadable(error);
    return { errors: [`${name}: cannot be read as JSON (${why})`] };
  }
}

/** Why a file cannot be read, as the system calls it. */
export function unreadable(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
}

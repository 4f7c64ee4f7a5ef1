import { hash } from 'node:crypto';

import { sum } from '../kernel/money.ts';
import type { FilePart } from './fileView.ts';
import { FORMATS } from './formats.ts';
import { type FileTerms, fileName, type PaymentLine } from './paymentFile.ts';

/** What is to be written: plain data, as it may be written in a thread. `only`: this part alone. */
export type WritingTask = { lines: PaymentLine[]; terms: FileTerms; only?: number };

export type WrittenPart = FilePart & { content: Uint8Array };

/**
 * Writes a file, cut into the parts that its format wants. The same task gives the same bytes for ever. Every SEPA part is
 * validated against its schema: throws where one does not fit.
 */
export async function writeFile({ lines, terms, only }: WritingTask): Promise<WrittenPart[]> {
  const { extension, contentType, parts, write } = FORMATS[terms.format];
  const written: WrittenPart[] = [];
  for (const [index, part] of parts(lines).entries()) {
    const number = index + 1;
    if (only !== undefined && only !== number) continue;
    const text = write(part, { ...terms, part: number });
    if (extension === 'xml') await validate(text);
    const content = new TextEncoder().encode(text);
    written.push({
      ...{ part: number, name: fileName({ ...terms, part: number }, extension), contentType },
      ...(part.template === undefined ? {} : { template: part.template }),
      count: part.lines.length,
      total: sum(part.lines.map(({ amount }) => amount)),
      ...{ bytes: content.length, hash: hash('sha256', content, 'hex'), content },
    });
  }
  return written;
}

/** The library is loaded with the first file that needs it. */
async function validate(xml: string): Promise<void> {
  const { validatePain } = await import('./schema.ts');
  validatePain(xml);
}

/** Stands for a whole file: of one part it is that part's own. */
export function hashOfParts(parts: readonly Pick<FilePart, 'hash'>[]): string {
  const [first, ...others] = parts;
  if (first !== undefined && others.length === 0) return first.hash;
  return hash('sha256', parts.map((part) => part.hash).join('\n'), 'hex');
}

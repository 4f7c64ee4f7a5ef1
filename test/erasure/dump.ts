import type { Connection } from 'mongoose';
import { mongo } from 'mongoose';

/** Everything that a database holds, by collection, as text; bytes as they are and as base64. */
export async function dumpOf(connection: Connection): Promise<Map<string, string>> {
  const dump = new Map<string, string>();
  for (const { name } of await connection.listCollections()) {
    const documents = await connection.collection(name).find({}).toArray();
    dump.set(name, documents.map((document) => JSON.stringify(document, asText)).join('\n'));
  }
  return dump;
}

function asText(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const own = this[key];
  if (!(own instanceof mongo.Binary)) return value;
  const bytes = Buffer.from(own.value());
  return `${bytes.toString('latin1')} ${bytes.toString('base64')}`;
}

/** Where a text is found, as it is or in base64, hex or base64url: `collection: text`. */
export function foundIn(dump: ReadonlyMap<string, string>, texts: readonly string[]): string[] {
  const found: string[] = [];
  for (const [name, content] of dump) {
    for (const text of texts) {
      for (const spelled of spellingsOf(text)) if (content.includes(spelled)) found.push(`${name}: ${spelled}`);
    }
  }
  return found;
}

/** Within base64 a text looks otherwise by its distance from the last multiple of three; the ends depend on its neighbours. */
function spellingsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const shifted = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return encoded.slice(before === 0 ? 0 : before + 1, -1);
  });
  const long = shifted.filter(({ length }) => length > 5);
  return [
    ...new Set([text, JSON.stringify(text).slice(1, -1), bytes.toString('hex'), ...long]),
    ...long.map((one) => one.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

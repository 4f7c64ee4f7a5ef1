import type { IncomingMessage } from 'node:http';

/** A file as it came, its content as text and as bytes. */
export type ShownFile = { name: string; contentType: string; text: string; bytes: Buffer };

/** The body of a call, JSON or a form with files: its fields, and the files in it. */
export async function readBody(
  request: IncomingMessage,
): Promise<{ fields: Record<string, unknown>; files: ShownFile[] }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) {
    const parsed: unknown =
      body.length > 0 && '[{'.includes(body.toString('utf8', 0, 1)) ? JSON.parse(String(body)) : {};
    return { fields: typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}, files: [] };
  }
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  const fields: Record<string, unknown> = {};
  const files: ShownFile[] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value;
    else {
      const bytes = Buffer.from(await value.arrayBuffer());
      files.push({ name: value.name, contentType: value.type, text: bytes.toString('utf8'), bytes });
    }
  }
  return { fields, files };
}

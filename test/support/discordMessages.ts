import type { ShownFile } from './httpBody.ts';

/** What Discord takes as a message and what a person sees of it. */

const LINK = 5;

export type Payload = Record<string, unknown>;
export type ShownButton = { label: string; customId: string; style: number; url?: string };

/** `text` as a person sees it, files and buttons apart. */
export type Shown = { content: string; embeds: Payload[]; text: string; buttons: ShownButton[][]; files: ShownFile[] };

/** Checks a message as Discord does. Answers it as shown, or what is wrong with it. */
export function checkedMessage(payload: Payload, files: ShownFile[]): Shown | { error: string } {
  const content = textOf(payload.content);
  const embeds = listOf(payload.embeds);
  const error = contentFault(content, embeds, files) ?? embedsFault(embeds) ?? componentsFault(payload.components);
  if (error !== undefined) return { error };
  if (/@(everyone|here)|<@|<#/.test(content) && JSON.stringify(payload.allowed_mentions) !== '{"parse":[]}') {
    return { error: 'mentions somebody' };
  }
  const text = [plainText(content), ...embeds.map(embedText)].filter((part) => part !== '').join('\n\n');
  return { content, embeds, text, buttons: buttonsOf(payload.components), files };
}

function contentFault(content: string, embeds: Payload[], files: ShownFile[]): string | undefined {
  if (content.length > 2_000) return 'content: must be 2000 or fewer in length';
  if (content.trim() === '' && embeds.length === 0 && files.length === 0) return 'cannot send an empty message';
  return undefined;
}

function embedsFault(embeds: Payload[]): string | undefined {
  let all = 0;
  if (embeds.length > 10) return 'embeds: must be 10 or fewer';
  for (const embed of embeds) {
    const fields = listOf(embed.fields);
    const isBlank = fields.some(({ name, value }) => textOf(name).trim() === '' || textOf(value).trim() === '');
    if (isBlank) return 'embeds.fields: this field is required';
    if (embed.color !== undefined && !(Number(embed.color) >= 0 && Number(embed.color) <= 0xffffff))
      return 'embeds.color: must be 0 to 16777215';
    const parts: [string, string, number][] = [
      ['title', textOf(embed.title), 256],
      ['description', textOf(embed.description), 4_096],
      ['footer.text', textOf(recordOf(embed.footer).text), 2_048],
      ...fields.flatMap((field): [string, string, number][] => [
        ['field.name', textOf(field.name), 256],
        ['field.value', textOf(field.value), 1_024],
      ]),
    ];
    if (fields.length > 25) return 'embeds: must have 25 or fewer fields';
    if (parts.every(([, text]) => text.trim() === '')) return 'embeds: this embed is empty';
    for (const [name, text, limit] of parts) {
      if (text.length > limit) return `embeds.${name}: must be ${limit} or fewer in length`;
      all += text.length;
    }
  }
  return all > 6_000 ? 'embeds: size exceeds maximum size of 6000' : undefined;
}

function componentsFault(components: unknown): string | undefined {
  const rows = listOf(components);
  const ids = new Set<string>();
  if (rows.length > 5) return 'components: must be 5 or fewer rows';
  for (const row of rows) {
    const buttons = listOf(row.components);
    if (row.type !== 1 || buttons.length < 1 || buttons.length > 5) return 'components: must be 1 to 5 in a row';
    for (const button of buttons) {
      const [label, id] = [textOf(button.label), textOf(button.custom_id)];
      if (button.type !== 2) return 'components: not a button';
      if (label === '' || label.length > 80) return 'label: must be 1 to 80 in length';
      if (!(Number(button.style) >= 1 && Number(button.style) <= 5)) return 'style: must be one of 1 to 5';
      if (button.style === LINK) {
        if (id !== '' || !/^https?:\/\//.test(textOf(button.url)) || textOf(button.url).length > 512)
          return 'url: must be a link, without a custom id';
        continue;
      }
      if (id === '' || id.length > 100) return 'custom_id: must be 1 to 100 in length';
      if (ids.has(id)) return 'custom_id: cannot be duplicated';
      ids.add(id);
    }
  }
  return undefined;
}

/** What a person sees of marked-up text. */
export function plainText(marked: string): string {
  return marked
    .split(/```\n?/)
    .map((part, index) => (index % 2 === 1 ? part.trimEnd() : unmarked(part)))
    .join('')
    .trim();
}

function unmarked(text: string): string {
  return text.replace(/\\([!-/:-@[-`{-~])|\*\*/g, (_, escaped?: string) => escaped ?? '');
}

function embedText(embed: Payload): string {
  const fields = listOf(embed.fields).map(
    ({ name, value }) => `${plainText(textOf(name))}: ${plainText(textOf(value))}`,
  );
  return [
    plainText(textOf(embed.title)),
    plainText(textOf(embed.description)),
    ...fields,
    textOf(recordOf(embed.footer).text),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function buttonsOf(components: unknown): ShownButton[][] {
  return listOf(components).map((row) =>
    listOf(row.components).map(({ label, custom_id: id, style, url }) => ({
      ...{ label: textOf(label), customId: textOf(id), style: Number(style) },
      ...(typeof url === 'string' ? { url } : {}),
    })),
  );
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function recordOf(value: unknown): Payload {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

export function listOf(value: unknown): Payload[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}

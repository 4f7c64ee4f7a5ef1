import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIButtonComponentWithURL,
  ButtonStyle,
  ComponentType,
  type RawFile,
} from 'discord.js';

import { withoutMarks } from '../../src/notices/messages/marks.ts';
import {
  type AppButton,
  type Button,
  inOneLineEach,
  type Message,
  SIGNS,
  shorten,
} from '../../src/notices/messages/message.ts';
import { buttonData, type StoredCallback } from '../callbackStore.ts';
import { MORE } from '../messageParts.ts';
import type { MessageBody } from './api.ts';
import { embedOf } from './embed.ts';
import { markdownOf } from './markdown.ts';

/** A message as Discord takes it. `callbacks` are the commands that its buttons name by hash, to be stored first. */
export type Rendered = { body: MessageBody; files: RawFile[]; callbacks: StoredCallback[] };

/** Discord's limits, in characters and rows. */
const LIMITS = { content: 2_000, label: 80, customId: 100, rowsOfFive: 5 };
const TITLE_LENGTH = 256;
const ALT_LENGTH = 1_024;

/**
 * Pure: the same message is always the same content, embed and buttons. Sentences are content, so that a phone's push
 * message shows them; reference material is in the embed below.
 */
export function render(given: Message): Rendered {
  const message = inOneLineEach(given);
  const callbacks: StoredCallback[] = [];
  const { state, title, paragraphs, attachment } = message;
  const sign = state === undefined ? '' : `${SIGNS[state]} `;
  const isTitled = title !== undefined && title.trim() !== '';
  const heading = isTitled ? [`${sign}**${markdownOf(shorten(title, TITLE_LENGTH), message)}**`] : [];
  const sentences = paragraphs.filter((text) => text.trim() !== '').map((text) => markdownOf(text, message));
  const lead = [...heading, ...sentences].join('\n\n');
  const isShort = lead.length <= LIMITS.content;
  const content = isShort ? lead : heading.join('');
  const embed = embedOf(message, isShort ? [] : sentences);
  return {
    body: {
      content: content === '' && embed === undefined ? MORE : content,
      embeds: embed === undefined ? [] : [embed],
      components: rowsOf(message.buttons, callbacks),
      allowed_mentions: { parse: [] },
      ...attachmentsOf(message),
    },
    files: attachment === undefined ? [] : [fileOf(attachment)],
    callbacks,
  };
}

/** The words for who cannot see a picture go with the file: readers of screens say them. */
function attachmentsOf({ attachment }: Message): Pick<MessageBody, 'attachments'> {
  const { name, alt = '' } = attachment ?? {};
  return name === undefined || alt.trim() === ''
    ? {}
    : { attachments: [{ id: 0, filename: name, description: shorten(withoutMarks(alt), ALT_LENGTH) }] };
}

function fileOf({ name, contentType, content }: NonNullable<Message['attachment']>): RawFile {
  return { name, contentType, data: typeof content === 'string' ? content : Buffer.from(content) };
}

type Row = APIActionRowComponent<APIButtonComponentWithCustomId | APIButtonComponentWithURL>;

/** At most five rows of five. Rows stay as they are if they fit, else neighbours share one. One command or page, one button. */
function rowsOf(buttons: Button[][], callbacks: StoredCallback[]): Row[] {
  const seen = new Set<string>();
  const distinct = buttons
    .map((row) =>
      row.filter(isShown).filter(({ command, url }) => {
        const leadsTo = (command ?? url).trim();
        const isNew = leadsTo !== '' && !seen.has(leadsTo);
        seen.add(leadsTo);
        return isNew;
      }),
    )
    .filter((row) => row.length > 0);
  return packed(distinct).map((row) => ({
    type: ComponentType.ActionRow,
    components: row.map((button) => ({
      type: ComponentType.Button as const,
      label: shorten(button.label.trim() === '' ? MORE : button.label, LIMITS.label),
      ...pressOf(button, callbacks),
    })),
  }));
}

type ShownButton = Exclude<Button, AppButton>;

/** Pages that open within the channel are Telegram's. */
function isShown(button: Button): button is ShownButton {
  return button.app === undefined;
}

/** What most will press is blue, what cannot be taken back red, and a yes to money or work green. */
const STYLES = {
  usual: ButtonStyle.Secondary,
  main: ButtonStyle.Primary,
  yes: ButtonStyle.Success,
  danger: ButtonStyle.Danger,
} as const;
const AGREES = /^\/(pay|accept|settle)\b/;

function pressOf({ command, url, weight }: ShownButton, callbacks: StoredCallback[]) {
  if (command === undefined) return { style: ButtonStyle.Link as const, url };
  const custom_id = buttonData(command, command.length <= LIMITS.customId, callbacks);
  const meaning = weight === 'main' && AGREES.test(command) ? 'yes' : (weight ?? 'usual');
  return { style: STYLES[meaning], custom_id };
}

function packed(rows: ShownButton[][]): ShownButton[][] {
  if (rows.length <= LIMITS.rowsOfFive && rows.every((row) => row.length <= 5)) return rows;
  const merged: ShownButton[][] = [];
  for (const row of rows) {
    const last = merged.at(-1);
    if (last !== undefined && last.length + row.length <= 5) last.push(...row);
    else merged.push([...row]);
  }
  if (merged.length <= LIMITS.rowsOfFive && merged.every((row) => row.length <= 5)) return merged;
  const all = rows.flat();
  return Array.from({ length: LIMITS.rowsOfFive }, (_, index) => all.slice(index * 5, index * 5 + 5)).filter(
    (row) => row.length > 0,
  );
}

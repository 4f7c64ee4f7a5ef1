import { bella, marco, olga } from '../cast.ts';
import type { Person } from '../stage.ts';
import { drawDiscord } from './discord.ts';
import type { Drawing } from './drawing.ts';
import { plainOf } from './markup.ts';
import type { Reading } from './record.ts';
import { drawTelegram } from './telegram.ts';

/** A message of a chat by its title; where it was edited, the first of its readings that says `saying`. */
type Choice = { title: string; saying?: string };
type Excerpt = { place: Reading['place']; person: Person; choices: Choice[] };

/** What the pictures show. The messages between those that are named are left out. */
const EXCERPTS: Record<string, Excerpt> = {
  'telegram-invoice': {
    place: 'telegram',
    person: bella,
    choices: [
      { title: '⏳ New invoice: $104.94 — week 2–8 Mar' },
      { title: '⏳ Not paid yet: $104.94 — week 2–8 Mar' },
      { title: '✅ Paid: $104.94 — week 2–8 Mar', saying: 'Your top-up covered' },
    ],
  },
  'telegram-order': {
    place: 'telegram',
    person: marco,
    choices: [
      { title: '⏳ New order: $100.00 — 100 fans from Elena' },
      { title: 'Accept the order: $100.00 — 100 fans from Elena?' },
      { title: '⏳ Order accepted: $100.00 — 100 fans from Elena' },
      { title: '⏳ Order running: $100.00 — 100 fans from Elena', saying: '76 of 100 fans' },
    ],
  },
  'discord-managers': {
    place: 'discord',
    person: olga,
    choices: [
      { title: '⚠️ Overdue: $474.00' },
      { title: 'Hold the sanctions of Dana (dana)?' },
      { title: 'Sanctions of Dana (dana) are held' },
    ],
  },
};

/** The pictures of chats by name, from what was recorded. Throws if a message that they show did not come. */
export function drawExcerpts(bot: string, readings: Reading[]): [name: string, drawing: Drawing][] {
  return Object.entries(EXCERPTS).map(([name, { place, person, choices }]) => {
    const seen = readings.filter((reading) => reading.place === place && reading.person === person);
    const chosen = choices.map((choice) => find(seen, choice));
    return [name, place === 'telegram' ? drawTelegram(bot, chosen) : drawDiscord(bot, chosen)];
  });
}

function find(readings: Reading[], { title, saying = '' }: Choice): Reading {
  const found = readings.find((reading) => {
    const text = plainOf(reading);
    return text.split('\n')[0] === title && text.includes(saying);
  });
  if (found === undefined) throw new Error(`the demo has no message "${title}" ${saying}`.trimEnd());
  return found;
}

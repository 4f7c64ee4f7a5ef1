import type { Role } from '../../events/catalogue.ts';
import { copyable } from '../../notices/messages/marks.ts';
import type { Button, Message } from '../../notices/messages/message.ts';
import { type RuleSection, ruleWords } from '../../notices/messages/rules.ts';
import { type DisplayContext, type Speech, speechOf } from '../../texts/speech.ts';
import type { Request, Suggestion } from './command.ts';

/** Explains how one kind of thing came to stand as it does; null for what does not exist or belongs to somebody else. */
export type Explainer = {
  thing: 'invoice' | 'order' | 'commission' | 'payout' | 'other';
  roles: readonly Role[];
  explain(request: Request, id: string): Promise<Message | null>;
  suggest(request: Request, typed: string): Promise<Suggestion[]>;
};

/** One dated line: what happened, or will, and the rules behind it. */
export type Line = { at: Date; text: string; rules: readonly RuleSection[] };

/** An explanation as it is shown: lines by date, with what is still to come marked; `more` follows them, undated. */
export function explanationMessage(
  explanation: {
    state?: Message['state'];
    title: string;
    /** What is explained, to be copied into another command. */
    id: string;
    paragraphs: string[];
    lines: Line[];
    more?: [label: string, value: string][];
    buttons: Button[][];
  },
  display: DisplayContext,
  now: Date,
): Message {
  const { state, title, id, paragraphs, lines, more = [], buttons } = explanation;
  const named: [string, string] = [speechOf(display).say('answers.id'), copyable(id)];
  const facts = [...datedFacts(lines, display, now), ...more, named];
  return { ...(state === undefined ? {} : { state }), title, paragraphs, facts, ...withRules(display), buttons };
}

/** Where rules that a message names in words can be read. */
export function withRules({ pages }: DisplayContext): Pick<Message, 'rulesPage'> {
  return pages?.rules === undefined ? {} : { rulesPage: pages.rules };
}

/** Lines by their dates, as a person reads them. */
export function datedFacts(lines: Line[], display: DisplayContext, now: Date): [label: string, value: string][] {
  const { say, instant } = speechOf(display);
  return lines
    .map((line, index) => ({ ...line, index }))
    .sort((a, b) => a.at.getTime() - b.at.getTime() || a.index - b.index)
    .map(({ at, text, rules }) => [
      at > now ? say('explain.toCome', { at: instant(at) }) : instant(at),
      say('explain.line', { text, rules: ruleWords(rules, display) }),
    ]);
}

/** A line that is there only if something was. */
export function lineIf(at: Date | null | undefined | false, text: string, rules: readonly RuleSection[]): Line[] {
  return at ? [{ at, text, rules }] : [];
}

/** The button that explains a thing which the message is about. */
export function whyButton(id: string, { say }: Speech): Button {
  return { label: say('common.buttons.why'), command: `/why ${id}` };
}

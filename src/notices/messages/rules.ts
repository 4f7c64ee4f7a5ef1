import { type DisplayContext, type PlainKey, speechOf } from '../../texts/speech.ts';
import { ruleLink } from './marks.ts';

/** What a section of the rules says, in a few words: without them no message can name it. */
const RULES = {
  '1.1': 'rules.transactions',
  '1.2': 'rules.weekly',
  '1.4': 'rules.total',
  '1.5': 'rules.credit',
  '1.7': 'rules.void',
  '1.8': 'rules.debit',
  '1.9': 'rules.contractors',
  '1.10': 'rules.due',
  '2.1': 'rules.paused',
  '2.2': 'rules.blocked',
  '2.5': 'rules.review',
  '2.11': 'rules.promises',
  '4.1': 'rules.placed',
  '4.2': 'rules.answer',
  '4.3': 'rules.held',
  '4.4': 'rules.queue',
  '4.5': 'rules.fans',
  '4.6': 'rules.owed',
  '4.7': 'rules.settled',
  '4.8': 'rules.renewal',
  '4.9': 'rules.cancelled',
  '4.10': 'rules.idle',
  '5.1': 'rules.trial',
  '5.2': 'rules.cancelledInTrial',
  '5.3': 'rules.charge',
  '5.4': 'rules.refunded',
  '5.5': 'rules.approved',
  '5.6': 'rules.corrected',
  '6.1': 'rules.payday',
  '6.2': 'rules.payout',
  '6.3': 'rules.fixed',
  '6.4': 'rules.final',
  '6.5': 'rules.earned',
  '6.8': 'rules.adjusted',
  '6.9': 'rules.returned',
} as const satisfies Record<string, PlainKey>;

/** A section of docs/rules.md that messages lead to, by its number. */
export type RuleSection = keyof typeof RULES;

export const RULE_SECTIONS = Object.keys(RULES) as RuleSection[];

/** Rules in words, each leading to its section of the deployment's page where there is one. */
export function ruleWords(sections: readonly RuleSection[], display: DisplayContext): string {
  const { say } = speechOf(display);
  return sections.map((section) => ruleLink(say(RULES[section]), section)).join('; ');
}

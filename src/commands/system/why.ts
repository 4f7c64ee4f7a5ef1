import { notFound } from '../core/answers.ts';
import type { Command, Request, Suggestion } from '../core/command.ts';
import type { Explainer } from '../core/explanation.ts';
import { SUGGESTIONS_SHOWN } from '../core/suggestions.ts';

/**
 * `/why ID`: how something came to stand as it does, in dated lines with the rule behind each (docs/chat.md). Each of the
 * `explainers` knows one kind of thing, and checks whether an id is of its kind and the person's own.
 */
export function createWhyCommand(explainers: readonly Explainer[]): Command {
  const explainersFor = ({ account }: Request) => explainers.filter(({ roles }) => roles.includes(account.role));

  return {
    name: 'why',
    arguments: 'ID',
    roles: ['model', 'marketer', 'affiliate', 'manager'],
    scope: 'read',
    description: 'commands.why.description',
    suggest: async (request, typed) =>
      evenly(await Promise.all(explainersFor(request).map((explainer) => explainer.suggest(request, typed)))),
    async run(request) {
      const mine = explainersFor(request);
      const [id = ''] = request.words;
      for (const explainer of mine) {
        const explanation = await explainer.explain(request, id);
        if (explanation !== null) return explanation;
      }
      return notFound(request.speech, mine.length === 1 ? (mine[0]?.thing ?? 'other') : 'other', id);
    },
  };
}

/** A share for each kind, so that many of one do not hide the others. */
function evenly(lists: Suggestion[][]): Suggestion[] {
  const share = Math.ceil(SUGGESTIONS_SHOWN / lists.length);
  const first = lists.flatMap((list) => list.slice(0, share));
  const rest = lists.flatMap((list) => list.slice(share));
  return [...first, ...rest].slice(0, SUGGESTIONS_SHOWN);
}

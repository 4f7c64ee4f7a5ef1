/** What is the same in all languages: commands with the words that they take, addresses, ids in capitals. */
export const SAME_EVERYWHERE =
  /\/[a-z]+( (?:[a-z-]+|[A-Z]{2,}|[\d:.-]+|\[[A-Z]+\]))*|\b(?:GET|PUT|DELETE|POST) \S+|https?:\S+/g;

/** Words of English that are none in any of the other languages, and that hardly a sentence does without. */
const WORDS =
  /(?<![\p{L}/.'’-])(the|your|you|is|are|was|were|and|with|from|this|that|will|have|not|been|when|what|which|orders?|invoices?|balance|paid|due|weeks?|until|nothing|please|its|they|their|it|of|to|by|on|at|payouts?|settings|days?|hours?)(?![\p{L}-]|\.\p{L})/iu;

/** The first English word in a text of another language, with what stands around it. */
export function englishIn(text: string): string | undefined {
  const rest = text.replaceAll(SAME_EVERYWHERE, '');
  const found = WORDS.exec(rest);
  return found === null
    ? undefined
    : `“${found[0]}” in: ${rest.slice(Math.max(0, found.index - 60), found.index + 60)}`;
}

/**
 * A rule of a map (docs/sources.md): when it applies, it makes one event of a type, or one for `each` item. All texts but `type` are
 * JSONata.
 */
export type Rule = {
  when?: string | undefined;
  each?: string | undefined;
  type: string;
  timestamp?: string | undefined;
  /** One expression for each field, or one that gives all of them. */
  data: string | Record<string, string>;
};

/** An expression, and where in the map it stands: `map[0].data.amount`. */
export type Step = { at: string; expression: string };

/** All expressions of a map, in the order in which they are evaluated. */
export function stepsOf(map: readonly Rule[]): Step[] {
  return map.flatMap((rule, index) => {
    const fields = typeof rule.data === 'string' ? { '': rule.data } : rule.data;
    const named: [string, string | undefined][] = [
      ['when', rule.when],
      ['each', rule.each],
      ['timestamp', rule.timestamp],
      ...Object.entries(fields).map(([field, text]): [string, string] => [
        field === '' ? 'data' : `data.${field}`,
        text,
      ]),
    ];
    return named.flatMap(([name, expression]) =>
      expression === undefined ? [] : [{ at: `map[${index}].${name}`, expression }],
    );
  });
}

export function stepWords({ at, expression }: Step): string {
  return `${at} \`${expression.length > 200 ? `${expression.slice(0, 200)}…` : expression}\``;
}

import type { ComponentChildren } from 'preact';

export type Fact = { label: string; value: ComponentChildren; isNumber?: boolean };

/** What is known of one thing: a label and a value each. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(({ label, value, isNumber }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd class={isNumber ? 'number' : undefined}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

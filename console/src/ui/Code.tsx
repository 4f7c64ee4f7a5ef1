import '../styles/details.css';

/** Data as the API shows it. */
export function Code({ label, data }: { label: string; data: unknown }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no pointer scrolls it by keys
    <section class="code" tabIndex={0} aria-label={label}>
      <pre>{JSON.stringify(data, null, 2)}</pre>
    </section>
  );
}

/** What another program said, as it said it, whatever the language of the page: mostly English, and nothing to translate. */
export function AsWritten({ children }: { children: string }) {
  return (
    <span class="words" lang="en" translate={false}>
      {children}
    </span>
  );
}

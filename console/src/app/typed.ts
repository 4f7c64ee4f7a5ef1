import { useEffect, useRef } from 'preact/hooks';

/** What stands in a field, as somebody has typed it. */
export type Typed = { label: string; text: string };

type Field = HTMLInputElement | HTMLTextAreaElement;

/** Remembers the fields that somebody types in, but for searches; the function says what stands there unsent. */
export function useTyped(): () => Typed[] {
  const fields = useRef(new Set<Field>()).current;
  useEffect(() => {
    const note = ({ target }: Event) => {
      for (const field of fields) if (!field.isConnected) fields.delete(field);
      if (isField(target)) fields.add(target);
    };
    document.addEventListener('input', note);
    return () => document.removeEventListener('input', note);
  }, []);
  return () =>
    [...fields]
      .filter((field) => field.isConnected && field.value.trim() !== '')
      .map((field) => ({ label: field.labels?.[0]?.textContent ?? '', text: field.value }));
}

function isField(target: EventTarget | null): target is Field {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'file', 'search'].includes(target.type);
}

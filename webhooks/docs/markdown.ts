import { Marked, type Tokens } from 'marked';

/**
 * A guide as HTML. Headings can be pointed at as on GitHub, links between guides lead to their pages, and nothing in the text
 * becomes markup or a script: HTML is shown as it is written, but for comments, which are left out, and bold.
 * `pages` are the names of the guides that there are; a link to a file that is none of them is its words alone.
 */
export function renderGuide(markdown: string, pages: ReadonlySet<string>): string {
  const slugOf = slugger();
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }: Tokens.Heading) {
        return `<h${depth} id="${slugOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const words = this.parser.parseInline(tokens);
        const address = addressOf(href, pages);
        return address === null ? words : `<a href="${escaped(address)}">${words}</a>`;
      },
      // Pictures are not served.
      image: ({ text }: Tokens.Image) => escaped(text),
      html: ({ text }: Tokens.HTML | Tokens.Tag) => htmlOf(text),
    },
  });
  return marked.parse(markdown, { async: false });
}

/** Where a link of a guide leads, on a page of ours or elsewhere; null where it leads to nothing that is served. */
function addressOf(href: string, pages: ReadonlySet<string>): string | null {
  if (/^(https:\/\/|#)/.test(href)) return href;
  const [, name = '', heading = ''] = /^([a-z]+)\.md(#[\w-]+)?$/.exec(href) ?? [];
  return pages.has(name) ? `/docs/${name}${heading}` : null;
}

function htmlOf(text: string): string {
  const rest = text.replaceAll(/<!--[\s\S]*?-->/g, '');
  return /^<\/?b>$/.test(rest) ? rest : escaped(rest);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** As GitHub names headings, and the check of the documents' links does. */
function slugger(): (heading: string) => string {
  const taken = new Map<string, number>();
  return (heading) => {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    const times = taken.get(slug) ?? 0;
    taken.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  };
}

// Checks every link between the Markdown files of a folder, by default this repository, and every link to a heading:
// `npm run links`. It needs no network, so links to other sites are not its business. Ends with 1 and a line per broken
// link, or when it finds no Markdown at all, because it then looks in the wrong place.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { remark } from 'remark';
import remarkValidateLinks from 'remark-validate-links';
import { engine } from 'unified-engine';
import { visit } from 'unist-util-visit';

const root = resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)));

engine(
  {
    processor: remark(),
    cwd: root,
    files: ['.'],
    extensions: ['md'],
    ignorePatterns: ['dist/', 'data/', 'coverage/'],
    plugins: [[remarkValidateLinks, { repository: false, root }], refuseHtmlLinks],
    frail: true,
    quiet: true,
    output: false,
  },
  (error, code, context) => {
    if (error) throw error;
    const checked = context?.files.length ?? 0;
    process.stdout.write(`${checked} Markdown files checked\n`);
    process.exitCode = checked === 0 ? 1 : (code ?? 1);
  },
);

/** Links are written in Markdown, as the check does not see those in HTML. */
function refuseHtmlLinks() {
  return (tree, file) => {
    visit(tree, 'html', (node) => {
      const [link] = node.value.match(/\b(?:href|src)=\S*/i) ?? [];
      if (link !== undefined) file.message(`Write ${link} as Markdown, so that it is checked`, node);
    });
  };
}

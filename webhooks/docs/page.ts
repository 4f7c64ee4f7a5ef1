/** What every page under `/docs` has: the way to the others, and one sheet of styles. */

export const STYLE_PATH = '/docs/style.css';

/** The pages by their names, in the order in which they are read. */
export const GUIDES = {
  quickstart: 'Quickstart',
  integration: 'Integration',
  stripe: 'Stripe',
  sources: 'Sources',
  client: 'Client',
  events: 'Events',
  api: 'API',
  rules: 'Rules',
  chat: 'Chat',
  console: 'Console',
  shadow: 'Shadow',
  configuration: 'Configuration',
  operations: 'Operations',
  glossary: 'Glossary',
} as const;

export type GuideName = keyof typeof GUIDES;

/** `current`: the name of the page that this is on; the reference has none. */
export function navigation(current?: GuideName): string {
  const links = Object.entries(GUIDES).map(([name, title]) => link(`/docs/${name}`, title, name === current));
  return `<nav aria-label="Documentation">${[link('/docs', 'Reference', current === undefined), ...links].join('')}</nav>`;
}

function link(address: string, title: string, isCurrent: boolean): string {
  return `<a href="${address}"${isCurrent ? ' aria-current="page"' : ''}>${title}</a>`;
}

export const STYLE = `
:root{--scalar-custom-header-height:2.75rem}
nav{position:sticky;top:0;z-index:10;display:flex;gap:1.25rem;align-items:center;height:2.75rem;padding:0 1rem;overflow-x:auto;
font:.95rem/1 system-ui,sans-serif;background:#f1f3f5;border-bottom:1px solid #dee2e6;white-space:nowrap}
nav a{color:#1864ab;text-decoration:none}nav a[aria-current]{color:inherit;font-weight:600}
body{margin:0;color:#1c1e21;background:#fff}
main{max-width:52rem;margin:1.5rem auto 4rem;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif;overflow-wrap:break-word}
main a{color:#1864ab}h1,h2,h3{line-height:1.25;scroll-margin-top:3.5rem}h2{margin-top:2.5rem}
code{font-size:.9em;background:#f1f3f5;padding:.1em .3em;border-radius:.25em}
pre{overflow-x:auto;padding:1rem;background:#f1f3f5;border-radius:.4rem}pre code{padding:0;background:none}
table{display:block;overflow-x:auto;border-collapse:collapse;font-size:.92em}th,td{padding:.35rem .6rem;border:1px solid #dee2e6;text-align:left;vertical-align:top}
b{background:#fff3bf}
@media(prefers-color-scheme:dark){body{color:#e8eaed;background:#17191c}nav,pre,code{background:#26292e}nav{border-color:#3a3f45}
nav a,main a{color:#74c0fc}th,td{border-color:#3a3f45}b{background:#5c4700}}
`;

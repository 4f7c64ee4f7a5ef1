import { Link } from 'wouter-preact';

import { useConsole } from '../context.ts';
import { Page } from './Page.tsx';

/** What somebody is shown for what does not exist, and for what is not theirs. */
export function Missing() {
  const { say } = useConsole();
  return (
    <Page title={say('page.missing')}>
      <p>{say('page.missingWhy')}</p>
      <Link href="/">{say('page.home')}</Link>
    </Page>
  );
}

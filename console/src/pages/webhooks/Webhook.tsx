import { useState } from 'preact/hooks';
import type { AnswerOf } from '../../api.ts';
import { type Console, useConsole } from '../../context.ts';
import type { PageProps } from '../../pageProps.ts';
import { useAnswer } from '../../queries.ts';
import { allows } from '../../session.ts';
import { AuditTrail } from '../../ui/AuditTrail.tsx';
import { Code } from '../../ui/Code.tsx';
import { type Fact, Facts } from '../../ui/Facts.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Missing } from '../../ui/Missing.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { Status } from '../../ui/Status.tsx';
import { Failed, Loading } from '../../ui/Wait.tsx';
import { isMissing } from '../../why.ts';
import { Subject } from './columns.tsx';
import { ReplayDialog } from './ReplayDialog.tsx';
import { TONES } from './webhook.ts';

type Webhook = AnswerOf<'GET /v1/webhooks/{id}'>;

/** One webhook to the platform: whether it has it, what was wrong, and what it says. */
export default function WebhookPage({ params: { id = '' } }: PageProps) {
  const tools = useConsole();
  const { session, say } = tools;
  const [isReplaying, setReplaying] = useState(false);
  const { data: webhook, error, refetch } = useAnswer('GET /v1/webhooks/{id}', { path: { id } });
  if (isMissing(error)) return <Missing />;
  return (
    <Page
      title={say('webhook.title', { id })}
      lead={webhook && <Status tone={TONES[webhook.status]}>{say(`webhookState.${webhook.status}`)}</Status>}
      actions={
        webhook !== undefined &&
        allows(session, 'invoices') && (
          <button type="button" onClick={() => setReplaying(true)}>
            {say('webhooks.replay')}
          </button>
        )
      }
    >
      {error !== null && <Failed error={error} again={refetch} />}
      {webhook === undefined ? (
        error === null && <Loading />
      ) : (
        <>
          <Section title={say('webhook.envelope')}>
            <Facts facts={factsOf(webhook, tools)} />
          </Section>
          <Section title={say('webhook.body')}>
            <Code label={say('webhook.body')} data={webhook.data} />
          </Section>
          <AuditTrail subject={`webhook:${id}`} />
          {isReplaying && <ReplayDialog items={[webhook]} onClose={() => setReplaying(false)} />}
        </>
      )}
    </Page>
  );
}

function factsOf(webhook: Webhook, { say, format }: Pick<Console, 'say' | 'format'>): Fact[] {
  const { webhookId, type, sequence, timestamp, emittedAt, attempts, error, failure, nextAt, deliveredAt } = webhook;
  const instants: [string, string | null][] = [
    [say('webhook.happened'), timestamp],
    [say('webhooks.emitted'), emittedAt],
    [say('webhooks.next'), nextAt],
    [say('webhooks.deliveredAt'), deliveredAt],
  ];
  return [
    { label: say('webhook.id'), value: webhookId },
    { label: say('webhooks.type'), value: type },
    { label: say('webhooks.subject'), value: <Subject of={webhook} /> },
    { label: say('webhook.sequence'), value: sequence === null ? say('webhook.none') : format.count(sequence) },
    ...instants.flatMap(([label, at]) => (at === null ? [] : [{ label, value: format.instant(at) }])),
    { label: say('webhooks.attempts'), value: format.count(attempts) },
    ...(error === null ? [] : [{ label: say('webhooks.error'), value: <Failure error={error} failure={failure} /> }]),
  ];
}

import { useConsole } from '../../context.ts';
import { Act, type OnClose } from '../../ui/Act.tsx';
import type { Item } from './webhook.ts';

type Named = Pick<Item, 'webhookId' | 'type' | 'subject'>;

/** Sends webhooks again, each under the id that it has. */
export function ReplayDialog({ items, onClose }: { items: readonly Named[]; onClose: OnClose }) {
  const { api, say } = useConsole();
  const count = items.length;
  return (
    <Act
      title={say('webhooks.replayTitle', { count })}
      what={say('webhooks.replayWhat', { count })}
      items={items}
      idOf={({ webhookId }) => webhookId}
      nameOf={({ type, subject }) => `${type}, ${subject}`}
      doIt={say('webhooks.replayDo', { count })}
      perform={({ webhookId: id }, _, idempotencyKey) =>
        api.call('POST /v1/webhooks/{id}/replay', { path: { id }, idempotencyKey })
      }
      onClose={onClose}
    />
  );
}

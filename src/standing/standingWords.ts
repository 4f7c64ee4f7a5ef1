import { type DisplayContext, speechOf } from '../texts/speech.ts';
import { reasonSentence } from './reason.ts';
import type { Standing } from './standing.ts';

/** A standing as programs are told it, by the API and by webhooks (docs/api.md, docs/events.md): its reasons are sentences, and `because` facts. */
export function standingView(modelId: string, standing: Standing, platform: DisplayContext) {
  const { reasons, ...fields } = standing;
  const speech = speechOf(platform);
  return { modelId, ...fields, reasons: reasons.map((reason) => reasonSentence(reason, speech)), because: reasons };
}

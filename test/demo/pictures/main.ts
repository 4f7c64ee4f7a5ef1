import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { BEGIN, PEOPLE } from '../cast.ts';
import { QUICK, withCast } from '../demo.ts';
import { playLatePayer } from '../latePayer.ts';
import { playOrders } from '../orders.ts';
import { playFirstInvoice } from '../story.ts';
import { drawExcerpts } from './excerpts.ts';
import { paint } from './paint.ts';
import { createRecordedStage } from './record.ts';

/** From where the built script is, in `dist`. */
const FOLDER = new URL('../../../../docs/pictures/', import.meta.url);

/** Plays the scenes of the demo that the pictures are of, and draws these from what its people see. */
const drawings = await withCast({ mongodbUri: undefined, limits: QUICK }, async (cast) => {
  const { stage, readings } = createRecordedStage(cast, PEOPLE, BEGIN);
  await playFirstInvoice(stage);
  await playLatePayer(stage);
  await playOrders(stage);
  return drawExcerpts(cast.telegram.bot.first_name, readings);
});
await mkdir(FOLDER, { recursive: true });
for (const [name, drawing] of drawings) {
  const file = new URL(`${name}.png`, FOLDER);
  await writeFile(file, paint(drawing));
  process.stdout.write(`${fileURLToPath(file)}\n`);
}

import type { CommandName, DisplayContext, Say } from '../../texts/speech.ts';
import { type Button, shorten } from './message.ts';

/** The button that gives a command without anything after it, under the command's own name. */
export function commandButton(say: Say, name: CommandName): Button {
  return { label: say(`commands.${name}.title`), command: `/${name}` };
}

/** The button that answers with a link into the console; none where there is no console. */
export function consoleButtons(say: Say, { pages }: Pick<DisplayContext, 'pages'>): Button[] {
  return pages?.console === undefined ? [] : [commandButton(say, 'console')];
}

/** The button that shows managers a model. */
export function modelButton(say: Say, modelId: string): Button {
  return { label: say('common.buttons.model', { model: shorten(modelId, 40) }), command: `/model ${modelId}` };
}

/** The button that shows managers a payday. */
export function cycleButton(say: Say, cycle: string): Button {
  return { label: say('common.buttons.cycleOf', { cycle }), command: `/cycle ${cycle}` };
}

/** The button that sends or applies anew what went wrong, by its id. */
export function replayButton(say: Say, id: string): Button {
  return { label: say('common.buttons.replay', { id: shorten(id, 40) }), command: `/replay ${id}` };
}

import { type CommandName, type DisplayContext, speechOf } from '../../texts/speech.ts';
import { type Button, shorten } from './message.ts';

/** The button that sends a command without anything after it. */
export function commandButton(command: CommandName, display: DisplayContext): Button {
  return { label: speechOf(display).say(`commands.${command}.title`), command: `/${command}` };
}

/** The button that shows managers a model. */
export function modelButton(modelId: string, display: DisplayContext): Button {
  const label = speechOf(display).say('common.buttons.model', { model: shorten(modelId, 40) });
  return { label, command: `/model ${modelId}` };
}

/** The button that shows managers a payday. */
export function cycleButton(cycle: string, display: DisplayContext): Button {
  return { label: speechOf(display).say('common.buttons.cycleOf', { cycle }), command: `/cycle ${cycle}` };
}

/** The button that sends or applies anew what went wrong, by its id. */
export function replayButton(id: string, display: DisplayContext): Button {
  const label = speechOf(display).say('common.buttons.replay', { id: shorten(id, 40) });
  return { label, command: `/replay ${id}` };
}

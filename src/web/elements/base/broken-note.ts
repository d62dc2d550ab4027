import type { TemplateResult } from 'lit'
import { renderNote } from '../note.ts'

const MESSAGE = 'This part cannot be shown.'
const ACTION = 'Reload the page. If that does not help, tell the people who run it.'

/** What stands in the place of a part whose drawing throws. */
export function renderBroken(say: (text: typeof MESSAGE | typeof ACTION) => string): TemplateResult {
  return renderNote('bad', say(MESSAGE), say(ACTION))
}

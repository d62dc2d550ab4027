import type { TemplateResult } from 'lit'
import type { CardContext } from './card-context.ts'
import { renderNote } from '../../elements/note.ts'

/** Said before every link: what scanning does to the account. */
export function renderLinkWarning({ say }: CardContext): TemplateResult {
  return renderNote(
    'warning',
    say('The account you scan becomes the assistant.'),
    say(
      "Allowed people who write to it get the assistant's answers. Use a number of its own rather than your personal one. With only one number, allow that number and chat with yourself.",
    ),
  )
}

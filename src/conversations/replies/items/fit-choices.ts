import type { Capabilities } from '../../../messaging/capabilities.ts'
import { CHOICE_LIMITS } from '../../../protocol/choice-limits.ts'
import { cutText } from '../../../text/bounded-text.ts'
import type { StoredContent } from '../../outbox/stored-content.ts'

type ChoicesContent = Extract<StoredContent, { type: 'choices' }>

interface Option {
  id: string
  title: string
  description: string | null
}

export interface OfferedChoices {
  text: string
  /** Lines, each id once. */
  options: readonly Option[]
  /** What opens a list. */
  button: string
}

/**
 * What can be tapped of these over a transport with these capabilities: buttons where they fit, else a list, whose titles are cut and
 * told in full below. `null` where they fit in neither, so that a numbered text must do.
 */
export function fitChoices(
  { text, options, button }: OfferedChoices,
  offered: Capabilities['choices'],
): ChoicesContent | null {
  if (offered === null) return null
  const { buttons, list } = CHOICE_LIMITS
  const areButtons =
    options.length <= offered.buttons &&
    text.length <= buttons.text &&
    new Set(options.map(({ title }) => title)).size === options.length &&
    options.every(({ title, description }) => title.length <= buttons.title && description === null)
  if (areButtons) {
    const plain = options.map(({ id, title }) => ({ id: cutText(id, buttons.id), title }))
    return { type: 'choices', text, choices: { kind: 'buttons', buttons: plain } }
  }
  if (options.length > offered.rows || text.length > list.text) return null
  const rows = options.map(({ id, title, description }) => {
    const isCut = title.length > list.title
    const below = isCut ? [title, description].filter((each) => each !== null).join(' – ') : description
    return {
      id: cutText(id, list.id),
      title: cutText(title, list.title),
      description: below === null ? null : cutText(below, list.description),
    }
  })
  const choices = {
    kind: 'list' as const,
    button: cutText(button, list.button),
    sections: [{ title: null, rows }],
  }
  return { type: 'choices', text, choices }
}

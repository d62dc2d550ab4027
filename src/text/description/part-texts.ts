/** How the parts of a message are put into words: bounded, and each name on one line. */
import type { ContentPart } from '../../messaging/content.ts'
import type { MessageDetail } from '../../protocol/agent/message-detail.ts'
import { boundedText, cleanLine } from '../bounded-text.ts'

/** A question of a poll, a name. */
const MAX_LINE = 300
/** A list of poll options or contacts is cut here. */
export const MAX_ITEMS = 50
/** A part of words, with the same in fields; `null` where there are no words. */
export function words(text: string | null | undefined, ...details: MessageDetail[]): ContentPart | null {
  if (!text) return null
  return { kind: 'text', text, ...(details.length > 0 && { details }) }
}

/** One printable line of a usual length. */
export function line(text: string | null | undefined): string {
  return cleanLine(text ?? '', MAX_LINE)
}

/** The same; `null` where nothing of it can be seen. */
export function lineOrNull(text: string | null | undefined): string | null {
  return line(text) || null
}

/** A text of several lines; `null` where there is none. */
export function textOrNull(text: string | null | undefined): string | null {
  return boundedText(text ?? '').trim() || null
}

/** ` "name"` behind the word for what it names; empty where there is none. */
export function quoted(name: string | null | undefined): string {
  const shown = line(name)
  return shown === '' ? '' : ` "${shown}"`
}

/** What it is, and what is said of it, separated by commas. */
export function joined(what: string, texts: readonly (string | null | undefined)[]): string {
  const shown = texts.map((text) => (text ?? '').trim()).filter((text) => text !== '')
  return shown.length === 0 ? what : `${what} ${shown.join(', ')}`
}

/** A title, and a line for each item. */
export function listed(title: string, items: readonly string[]): string {
  return [title.trim(), ...items.slice(0, MAX_ITEMS).map((item) => `- ${item}`)].join('\n')
}

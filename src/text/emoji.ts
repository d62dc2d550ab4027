import { gemoji } from 'gemoji'
import { isSingleCluster } from './graphemes.ts'

const EMOJI = /\p{Extended_Pictographic}|^\p{Regional_Indicator}{2}$|^[\d#*]\uFE0F?\u20E3$/u
/** Characters that are shown as text unless a selector asks for a picture. */
const TEXT_BY_ITSELF = /^(?!\p{Emoji_Presentation})\p{Extended_Pictographic}$/u
const AS_PICTURE = '\uFE0F'
/** The longest emoji is far shorter. */
const MAX_LENGTH = 64

/** Names of other tools that GitHub does not know, or gives to another emoji. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  calendar: '📅',
  check: '✔️',
  hugging_face: '🤗',
  magnifying_glass: '🔍',
  moon: '🌙',
  pencil: '✏️',
  robot_face: '🤖',
}

let known: ReadonlyMap<string, string> | null = null

/** One emoji, given as the character or by its name (`eyes`, `:thumbs_up:`); `null` for everything else. */
export function toEmoji(written: string): string | null {
  const text = written.trim()
  if (text.length > MAX_LENGTH) return null
  if (EMOJI.test(text) && isSingleCluster(text)) return asPicture(text)
  return emojiNames().get(nameKey(text.replace(/^:(.+):$/, '$1'))) ?? null
}

/**
 * Every emoji by its names: GitHub's short names (`+1`, `thumbsup`) and Unicode's (`thumbs_up`), which other tools use. Built at
 * the first call: most configs give the character itself.
 */
export function emojiNames(): ReadonlyMap<string, string> {
  if (known !== null) return known
  const names = new Map<string, string>()
  const all = [...gemoji]
  for (const { emoji, description } of all) names.set(nameKey(description), asPicture(emoji))
  for (const { emoji, names: short } of all)
    for (const name of short) names.set(nameKey(name), asPicture(emoji))
  for (const [name, emoji] of Object.entries(OTHER_NAMES)) names.set(name, emoji)
  known = names
  return names
}

function asPicture(emoji: string): string {
  return TEXT_BY_ITSELF.test(emoji) ? emoji + AS_PICTURE : emoji
}

/** Names are compared without case, and with every separator as `_`. */
function nameKey(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}+]+/gu, '_')
    .replace(/^_(?=1$)/, '-')
}

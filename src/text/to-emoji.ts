import { EMOJI_NAMES } from './emoji-names.ts'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const EMOJI = /\p{Extended_Pictographic}|^\p{Regional_Indicator}{2}$|^[\d#*]\uFE0F?\u20E3$/u
/** Characters that are shown as text unless something says that they are pictures. */
const TEXT_BY_ITSELF = /^(?!\p{Emoji_Presentation})\p{Extended_Pictographic}$/u
const AS_PICTURE = '\uFE0F'
/** The longest emoji is far shorter. */
const MAX_LENGTH = 64

/** One emoji, given as the character or by its name (`eyes`, `:thumbs_up:`); `null` for everything else. */
export function toEmoji(written: string): string | null {
  const text = written.trim()
  if (text.length > MAX_LENGTH) return null
  if ([...segmenter.segment(text)].length === 1 && EMOJI.test(text)) {
    return TEXT_BY_ITSELF.test(text) ? text + AS_PICTURE : text
  }
  const name = text
    .toLowerCase()
    .replace(/^:(.+):$/, '$1')
    .replaceAll(/[\s-]+/g, '_')
    .replace(/^_1$/, '-1')
  return Object.hasOwn(EMOJI_NAMES, name) ? (EMOJI_NAMES[name] ?? null) : null
}

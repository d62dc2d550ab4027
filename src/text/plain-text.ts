import type { Wrapped } from './formatted-text.ts'
import type { TextReader } from './text-reader.ts'

const FENCE = '```'

/** Text that goes out as it is. WhatsApp's own marks of code are respected: a paragraph does not end between them. */
export const plainText: TextReader = {
  format(text) {
    const wrapped: Wrapped[] = []
    for (const { index, 0: code } of text.matchAll(/```\n?[\s\S]*?(?:```|$)/g)) {
      const isBlock = code.startsWith(`${FENCE}\n`)
      const [open, close] = isBlock ? [`${FENCE}\n`, `\n${FENCE}`] : [FENCE, FENCE]
      wrapped.push({ start: index, end: index + code.length, open, close })
    }
    return { text, wrapped }
  },

  paragraphEnds(text) {
    const ends: number[] = []
    let isInCode = false
    let hasText = false
    let position = 0
    for (const line of text.split(/(?<=\n)/)) {
      position += line.length
      if ((line.split(FENCE).length - 1) % 2 === 1) isInCode = !isInCode
      const isBlank = line.trim() === '' && line.endsWith('\n')
      if (isBlank && hasText && !isInCode) ends.push(position)
      if (isBlank && !isInCode) hasText = false
      else if (line !== '') hasText = true
    }
    return ends
  },
}

import type { ReplyPart } from '../agent.ts'

/** The same answer with fewer parts: words that follow each other are one. */
export function joined(parts: readonly ReplyPart[]): ReplyPart[] {
  const result: ReplyPart[] = []
  let texts: string[] = []
  const close = (): void => {
    if (texts.length > 0) result.push({ type: 'delta', text: texts.join('') })
    texts = []
  }
  for (const part of parts) {
    if (part.type === 'delta' && part.isCut === undefined) texts.push(part.text)
    else {
      close()
      result.push(part)
    }
  }
  close()
  return result
}

import type { FormattedText } from './formatted-text.ts'
import { plainText } from './plain-text.ts'

/** What there is a choice of. `tables`: as they are written, as lists, or as aligned code (`code` and `block`). */
export interface FormatManner {
  tables: 'off' | 'bullets' | 'code' | 'block'
}

/** How what an assistant writes is read. */
export interface TextReader {
  /** As WhatsApp shows it; tables as lists unless `manner` says otherwise. */
  format(text: string, manner?: FormatManner): FormattedText
  /**
   * Where paragraphs end, behind their blank line, in a text of whole lines: nothing that follows changes what is before.
   * More text behind only adds ends.
   */
  paragraphEnds(text: string): number[]
}

/** The reader for a format. That of Markdown is loaded when it is first asked for. */
export async function loadTextReader(format: 'plain' | 'markdown'): Promise<TextReader> {
  if (format === 'plain') return plainText
  const { markdownText } = await import('./markdown/markdown-text.ts')
  return markdownText
}

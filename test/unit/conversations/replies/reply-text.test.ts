// A short table became 800,000 characters: two hundred messages.
import { describe, expect, it } from 'vitest'
import { toReplyParts } from '../../../../src/conversations/replies/reply-text.ts'
import type { FormattedText } from '../../../../src/text/formatted-text.ts'
import { markdownText } from '../../../../src/text/markdown/markdown-text.ts'

const settings = {
  textChunkLimit: 4_000,
  chunkMode: 'newline',
  markdown: { tables: 'bullets' },
  messagePrefix: '',
  responsePrefix: '',
} as const

function textsOf(markdown: string): string[] {
  const redaction = { plain: (text: string) => text, formatted: (text: FormattedText) => text }
  const parts = toReplyParts(markdown, settings, { first: true, reader: markdownText, redaction })
  return parts.map(({ text }) => text)
}

describe('a reply that its marks make long', () => {
  it('is cut', () => {
    const names = `|${`${'x'.repeat(90)}|`.repeat(50)}`
    const texts = textsOf(`${names}\n|${'-|'.repeat(50)}\n${`|${'b|'.repeat(50)}\n`.repeat(200)}`)
    expect(texts.join('').length).toBeLessThan(100_100)
    expect(texts.at(-1)).toMatch(/…$/)
  })

  it('has the marks that were open at the cut closed', () => {
    const texts = textsOf(`\`\`\`\n${'0123456789 line\n'.repeat(7_000)}\`\`\``)
    expect(texts.at(-1)).toMatch(/^```\n[^]*…\n```$/)
    for (const text of texts) expect(text.split('```')).toHaveLength(3)
  })
})

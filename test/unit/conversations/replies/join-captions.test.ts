import { expect, it } from 'vitest'
import type { AnswerPiece } from '../../../../src/conversations/replies/answer-piece.ts'
import { joinCaptions } from '../../../../src/conversations/replies/join-captions.ts'
import { loadTextReader } from '../../../../src/text/text-reader.ts'

const reader = await loadTextReader('markdown')
const words = (text: string, quotes: string | null = null): AnswerPiece => ({
  kind: 'words',
  text,
  reader,
  count: 2,
  quotes,
})
const file = (kind: 'image' | 'voice' | 'document' = 'image', caption = ''): AnswerPiece => ({
  kind: 'item',
  item: {
    kind: 'content',
    caption,
    content: { type: 'file', media: 'm', kind, caption: '', name: 'x', mimeType: 'x', size: 1 },
  },
  reader,
  count: 1,
  quotes: null,
})
const shown = (pieces: AnswerPiece[]) =>
  joinCaptions(pieces).map((piece) =>
    piece.kind === 'words'
      ? piece.text
      : piece.item.kind === 'content'
        ? `[${piece.item.caption}]`
        : piece.item.kind,
  )

it('puts words below the file that they stand beside, once, and leaves the order as it is', () => {
  expect(shown([words('Here:\n\n'), file()])).toEqual(['[Here:]'])
  expect(shown([file('document'), words('That is it.')])).toEqual(['[That is it.]'])
  expect(shown([words('One'), file(), words('Two'), file(), words('Three')])).toEqual([
    '[One]',
    '[Two]',
    'Three',
  ])
})

it.each<[why: string, pieces: AnswerPiece[]]>([
  ['it has a caption', [words('One'), file('image', 'its own')]],
  ['it shows none', [words('One'), file('voice')]],
  ['they are too long', [words('x'.repeat(1_025)), file()]],
  ['both quote something', [words('One', 'a'), { ...file(), quotes: 'b' }]],
])('leaves words alone where %s', (_why, pieces) => {
  expect(joinCaptions(pieces)).toEqual(pieces)
})

it('counts as much as before, so that nothing is said twice after a crash', () => {
  expect(joinCaptions([words('One', 'a'), file()])).toMatchObject([{ count: 3, quotes: 'a' }])
})

import { describe, expect, it } from 'vitest'
import { EMOJI_NAMES } from '../../../src/text/emoji-names.ts'
import { toEmoji } from '../../../src/text/to-emoji.ts'

describe('an emoji', () => {
  it.each([
    ['👀', '👀'],
    [' 👍🏽 ', '👍🏽'],
    ['👩‍🚀', '👩‍🚀'],
    ['🇩🇪', '🇩🇪'],
    ['1️⃣', '1️⃣'],
    ['❤', '❤️'],
    ['❤️', '❤️'],
    ['✅', '✅'],
    ['eyes', '👀'],
    [':eyes:', '👀'],
    ['Thumbs Up', '👍'],
    ['thumbs-up', '👍'],
    ['+1', '👍'],
    ['-1', '👎'],
    ['100', '💯'],
    ['white_check_mark', '✅'],
  ])('%j is %s', (written, emoji) => {
    expect(toEmoji(written)).toBe(emoji)
  })

  it.each([
    '',
    ' ',
    'eyess',
    'a',
    '1',
    '👀👀',
    'x👀',
    '__proto__',
    'constructor',
    '🇩',
    'é',
    '👀'.repeat(1_000),
  ])('%j is none', (written) => {
    expect(toEmoji(written)).toBeNull()
  })

  it('has names that are found, each with one character that is shown as a picture', () => {
    for (const [name, emoji] of Object.entries(EMOJI_NAMES)) {
      expect([name, toEmoji(name)]).toEqual([name, emoji])
      expect([name, toEmoji(emoji)]).toEqual([name, emoji])
    }
  })
})

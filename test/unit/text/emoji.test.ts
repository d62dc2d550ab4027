import { describe, expect, it } from 'vitest'
import { emojiNames, toEmoji } from '../../../src/text/emoji.ts'
import documentedNames from './emoji-names.json' with { type: 'json' }

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
    'q',
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

  it('keeps the names that configs may already have', () => {
    for (const [emoji, names] of Object.entries(documentedNames)) {
      for (const name of names) expect([name, toEmoji(name)]).toEqual([name, emoji])
    }
  })

  it('knows the names of GitHub and of Unicode', () => {
    expect(
      ['raised_hand_with_fingers_splayed', 'hand with fingers splayed', 'de', 'flag: Germany'].map(toEmoji),
    ).toEqual(['🖐️', '🖐️', '🇩🇪', '🇩🇪'])
  })

  it('has names that are found, each with one character that is shown as a picture', () => {
    expect(emojiNames().size).toBeGreaterThan(2_500)
    for (const [name, emoji] of emojiNames()) {
      expect([name, toEmoji(name)]).toEqual([name, emoji])
      expect([name, toEmoji(emoji)]).toEqual([name, emoji])
    }
  })
})

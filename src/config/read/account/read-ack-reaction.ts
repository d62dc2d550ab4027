import { emojiNames, toEmoji } from '../../../text/emoji.ts'
import type { AccountConfig } from '../../model.ts'
import { didYouMean } from '../../problems/did-you-mean.ts'
import type { PathSegment } from '../../document/json5-tree.ts'
import type { Problems } from '../../problems/problems.ts'

/** The reaction that says "seen", as a character; an unknown name is an error at `path`, the place of the emoji. */
export function readAckReaction(
  { emoji, ...others }: AccountConfig['ackReaction'],
  path: readonly PathSegment[],
  problems: Problems,
): AccountConfig['ackReaction'] {
  const character = emoji.trim() === '' ? '' : toEmoji(emoji)
  if (character === null) {
    const name = emoji.trim().replaceAll(':', '')
    const isWritten = problems.expansions.at(path) === null
    const meant = isWritten && /[a-z]{2}/i.test(name) ? didYouMean(name, emojiNames().keys()) : null
    const hint = meant === null ? '' : ` Did you mean "${meant}"?`
    const message = `"${problems.written(path, emoji)}" is neither one emoji nor the name of one that is known here.${hint} Put the character itself, such as "👀".`
    problems.error('unknown_emoji', path, message)
  }
  return { emoji: character ?? '', ...others }
}

import type { proto } from '@whiskeysockets/baileys'
import type { ContentPart } from '../../../../messaging/content.ts'
import { line, listed, MAX_ITEMS, words } from '../../../../text/description/part-texts.ts'
import { countOf } from './wire-numbers.ts'

export function describePoll({
  name,
  options,
  selectableOptionsCount,
}: proto.Message.IPollCreationMessage): (ContentPart | null)[] {
  const question = line(name)
  const named = (options ?? []).slice(0, MAX_ITEMS).map(({ optionName }) => line(optionName))
  const choices = countOf(selectableOptionsCount)
  return [words(listed(`[poll] ${question}`, named), { type: 'poll', question, options: named, choices })]
}

export function describePollResults({
  name,
  pollVotes,
}: proto.Message.IPollResultSnapshotMessage): (ContentPart | null)[] {
  const question = line(name)
  const votes = (pollVotes ?? []).slice(0, MAX_ITEMS).map(({ optionName, optionVoteCount }) => ({
    option: line(optionName),
    count: countOf(optionVoteCount) ?? 0,
  }))
  const shown = votes.map(({ option, count }) => `${option}: ${count}`)
  return [words(listed(`[poll results] ${question}`, shown), { type: 'pollResults', question, votes })]
}

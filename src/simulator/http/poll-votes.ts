import type { SimulatedPhone } from '../phones/phone.ts'

/** What each person, by number, has chosen last in each poll, by id, as far as the phone knows it. */
export type PollVotes = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>

export function pollVotes(phone: SimulatedPhone): PollVotes {
  const votes = [
    ...phone.received.map(({ vote, from, at }) => ({ vote, from, at })),
    ...phone.sent.items.map(({ vote, at }) => ({ vote, from: phone.phoneNumber, at })),
  ].toSorted((one, other) => one.at - other.at)
  const polls = new Map<string, Map<string, readonly string[]>>()
  for (const { vote, from } of votes) {
    if (!vote?.options) continue
    const poll = polls.get(vote.pollId) ?? new Map<string, readonly string[]>()
    polls.set(vote.pollId, poll.set(from, vote.options))
  }
  return polls
}

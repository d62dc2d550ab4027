/**
 * Whose event it is, and what it must keep its order with: those of its conversation, else those of its account. `formerLane`: of the
 * conversation that became a part of this one with the event.
 */
export function placeOf(payload: string): {
  account: string | null
  lane: string
  formerLane: string | null
} {
  const { account, conversationId, formerId, conversation } = JSON.parse(payload) as Record<string, unknown>
  const of = typeof account === 'string' ? account : null
  const within = typeof conversationId === 'string' ? conversationId : conversation
  const laneOf = (id: unknown): string => `${of ?? ''} ${typeof id === 'string' ? id : ''}`
  return {
    account: of,
    lane: laneOf(within),
    formerLane: typeof formerId === 'string' ? laneOf(formerId) : null,
  }
}

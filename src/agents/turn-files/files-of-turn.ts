import type { Turn, TurnAttachment } from '../agent.ts'

/** The files of a turn, oldest first: those of each message, and before them those of what it quotes. */
export function filesOfTurn({ messages }: Pick<Turn, 'messages'>): TurnAttachment[] {
  return messages.flatMap(({ attachments, quoted }) => [...(quoted?.attachments ?? []), ...attachments])
}

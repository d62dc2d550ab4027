import { type BinaryNode, isJidGroup } from '@whiskeysockets/baileys'
import type { GroupDirectory } from './group-directory.ts'

/**
 * Takes the request out of a retry receipt, before Baileys sees it, whose sender is no member of the group that it
 * names: Baileys would encrypt the message for whoever asks. What is left is acknowledged and means nothing.
 */
export function removeForeignRetry({ attrs, content }: BinaryNode, groups: GroupDirectory): void {
  const { from, participant, type } = attrs
  if (type !== 'retry' || from === undefined || isJidGroup(from) !== true || !Array.isArray(content)) return
  if (participant !== undefined && groups.isMember(from, participant)) return
  for (const child of content) if (child.tag === 'retry') child.tag = 'refused'
}

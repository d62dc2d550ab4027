import type { TurnAttachment } from '../../../agents/agent.ts'
import type { InboxRow } from '../../store/inbox-store.ts'
import type { PreparedFiles } from './prepare-files.ts'
import { storedFiles } from './stored-files.ts'

/** The files of a message as agents see them, with what became of each (`prepareFiles`). */
export function attachmentsOf(
  { sequence, files: described, transcript }: Pick<InboxRow, 'sequence' | 'files' | 'transcript'>,
  prepared: PreparedFiles,
): TurnAttachment[] {
  return storedFiles(described).map(({ isViewOnce, ...file }, index) => {
    const { path = null, problem = null, detectedType = null } = prepared.get(sequence)?.[index] ?? {}
    return {
      ...file,
      path,
      problem: problem?.message ?? null,
      detectedType,
      ...(isViewOnce && { isViewOnce }),
      ...(file.kind === 'audio' && transcript !== null && { transcript: { text: transcript } }),
    }
  })
}

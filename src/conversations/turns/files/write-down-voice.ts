import type { AccountConfig } from '../../../config/model.ts'
import type { ConversationsDependencies } from '../../conversations-dependencies.ts'
import type { ReplyWriter } from '../../replies/reply-writer.ts'
import type { CommitGroup } from '../../store/commit-group.ts'
import type { MessageNews } from '../../history/message-news.ts'
import type { InboxRow, InboxStore } from '../../store/inbox-store.ts'
import type { PreparedFiles } from './prepare-files.ts'
import { storedFiles } from './stored-files.ts'
import type { TurnRow } from '../turn-store.ts'
import { withoutFiles } from './without-files.ts'

export interface VoiceDependencies {
  messageNews: Pick<MessageNews, 'updated'>
  inbox: Pick<InboxStore, 'addTranscript'>
  commits: CommitGroup
  replies: Pick<ReplyWriter, 'tellUnheard'>
  config: () => Pick<AccountConfig, 'transcription'>
  transcribe: ConversationsDependencies['transcribe']
}

/** Whether a machine listened: `none` where there is no sound, or no file of it. */
type Hearing = 'none' | 'heard' | 'unheard' | 'failed'

/** Why nobody heard it; each is the sentence that its sender reads. */
export type Unheard = 'voiceFailed' | 'voiceUnheard'

export interface VoiceQuestion {
  rows: readonly InboxRow[]
  files: PreparedFiles
  /** Whether the agent can make something of one of the files at these paths. */
  hears: (sounds: readonly string[]) => boolean | Promise<boolean>
  signal: AbortSignal
}

/**
 * Has the sound of the messages of a turn written down, side by side, where that was not done before, and answers with the rows as they are
 * then. Each text is on disk as soon as it is there: a turn that runs again asks nobody twice. `unheard`: the turn is nothing but sound
 * that neither a machine nor the agent hears, so that nobody can answer it; the caller tells the person. Where only some of its messages
 * are that, the person is told here. Rejects with the reason of an aborted signal, or with `StorageError`.
 */
export async function writeDownVoice(
  deps: VoiceDependencies,
  turn: TurnRow,
  { rows, files, hears, signal }: VoiceQuestion,
): Promise<{ rows: InboxRow[]; unheard: Unheard | null }> {
  const listened = await Promise.all(rows.map((row) => listen(deps, row, { files, signal })))
  const missed = listened.flatMap(({ row, hearing }) => (isSoundAlone(row) ? [hearing] : []))
  const notice: Unheard | null = missed.includes('failed')
    ? 'voiceFailed'
    : missed.includes('unheard')
      ? 'voiceUnheard'
      : null
  const written = listened.map(({ row }) => row)
  // What was answered in part was told before.
  if (notice === null || turn.paragraphs_out > 0) return { rows: written, unheard: null }
  if (await hears(rows.flatMap((row) => soundOf(row, files) ?? []))) return { rows: written, unheard: null }
  const isAll = listened.every(({ row, hearing }) => isSoundAlone(row) && hearing !== 'heard')
  if (!isAll) deps.commits.now(() => deps.replies.tellUnheard(turn, rows, notice))
  return { rows: written, unheard: isAll ? notice : null }
}

async function listen(
  deps: VoiceDependencies,
  row: InboxRow,
  { files, signal }: { files: PreparedFiles; signal: AbortSignal },
): Promise<{ row: InboxRow; hearing: Hearing }> {
  if (row.transcript !== null) return { row, hearing: 'heard' }
  const path = soundOf(row, files)
  if (path === null) return { row, hearing: 'none' }
  if (deps.config().transcription === null) return { row, hearing: 'unheard' }
  let transcript: string | null
  try {
    transcript = await deps.transcribe(path, signal)
  } catch {
    signal.throwIfAborted()
    return { row, hearing: 'failed' }
  }
  // The setting was taken out meanwhile.
  if (transcript === null) return { row, hearing: 'unheard' }
  const text = transcript
  deps.commits.now(() => {
    deps.inbox.addTranscript(row.sequence, text)
    return () => deps.messageNews.updated(row.conversation_name, row.message_id)
  })
  return { row: { ...row, transcript }, hearing: 'heard' }
}

/** The path of the first sound that came with a message: WhatsApp sends one. */
function soundOf({ sequence, files: described }: InboxRow, files: PreparedFiles): string | null {
  const position = storedFiles(described).findIndex(({ kind }) => kind === 'audio')
  return files.get(sequence)?.[position]?.path ?? null
}

/** Its text says what its file is, and nothing else. */
function isSoundAlone({ text, files }: InboxRow): boolean {
  const described = storedFiles(files)
  return described.length === 1 && described[0]?.kind === 'audio' && withoutFiles(text, described) === ''
}

import { setMaxListeners } from 'node:events'
import type { Transport } from '../../../messaging/transport.ts'
import type { InboxRow } from '../../store/inbox-store.ts'
import { type PreparedFiles, prepareFiles } from './prepare-files.ts'
import { type QuotedFiles, quotedFiles, type QuotedFilesDependencies } from './quoted-files.ts'
import type { QuoteSpeakers } from '../content/read-quote.ts'

/** A turn waits for its files no longer than this. */
const MAX_WAIT_MS = 15 * 60_000

export interface GatheredFiles {
  files: PreparedFiles
  quoted: QuotedFiles
}

export interface GatherFilesDependencies extends QuotedFilesDependencies {
  transport: Pick<Transport, 'ownNumber'>
}

/**
 * The files of the messages of a turn, and of those that they quote, once each is stored or cannot be had; after 15 minutes without those
 * that are still fetched. `isAllowed`: whether this person may write there now. Rejects with the reason of an aborted `signal` alone.
 */
export async function gatherFiles(
  deps: GatherFilesDependencies,
  rows: readonly InboxRow[],
  { isAllowed, signal }: { isAllowed: QuoteSpeakers['isAllowed']; signal: AbortSignal },
): Promise<GatheredFiles> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Error('the files took too long')), MAX_WAIT_MS)
  // One listener for each message.
  setMaxListeners(0, signal, late.signal)
  const wait = { signal, late: late.signal }
  const speakers = { ownNumber: deps.transport.ownNumber, isAllowed }
  try {
    const [files, quoted] = await Promise.all([
      prepareFiles(deps, rows, wait),
      quotedFiles(deps, rows, { speakers, wait }),
    ])
    return { files, quoted }
  } finally {
    clearTimeout(timer)
  }
}

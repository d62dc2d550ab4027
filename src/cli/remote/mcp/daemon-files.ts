import { basename } from 'node:path'
import { openAgentFile } from '../../../agents/files/open-agent-file.ts'
import { MAX_FILE_BYTES, type McpFiles } from '../../../control/mcp/mcp-files.ts'
import { CommandFailure } from '../../command-failure.ts'
import { kindOfName } from '../messages/kind-of-name.ts'
import { uploadFile } from '../messages/upload-file.ts'
import type { DaemonCalls } from './daemon-calls.ts'

/** Files of messages from the running daemon, and files of `folder` (absolute; `null` for none) to it. */
export function daemonFiles(
  calls: Pick<DaemonCalls, 'http'>,
  { stateDir, folder, signal }: { stateDir: string; folder: string | null; signal: AbortSignal },
): McpFiles {
  return {
    read: async (account, mediaId) => {
      const { authority, token } = await calls.http()
      const place = `/v1/accounts/${encodeURIComponent(account)}/media/${encodeURIComponent(mediaId)}`
      const response = await fetch(`http://${authority}${place}`, {
        headers: { authorization: `Bearer ${token}` },
        redirect: 'error',
        signal,
      })
      if (response.status === 404) return null
      if (!response.ok) throw new CommandFailure(`the daemon did not give the file (HTTP ${response.status})`)
      if (Number(response.headers.get('content-length')) > MAX_FILE_BYTES) {
        await response.body?.cancel()
        return 'too_large'
      }
      const type = response.headers.get('content-type')
      const bytes = Buffer.from(await response.arrayBuffer())
      return { bytes, mimeType: type === 'application/octet-stream' ? null : type }
    },
    upload:
      folder === null
        ? null
        : async (account, path) => {
            const { authority, token } = await calls.http()
            const handle = await openAgentFile(folder, path, stateDir).catch((error: unknown) => {
              throw new CommandFailure(
                `${path} is not sent: ${error instanceof Error ? error.message : 'it cannot be opened.'} Files of ${folder} can be sent.`,
                { cause: error },
              )
            })
            try {
              const file = { authority, token, account, path, handle, name: basename(path), signal }
              return { mediaId: await uploadFile(file), kind: kindOfName(path) }
            } finally {
              await handle.close()
            }
          },
  }
}

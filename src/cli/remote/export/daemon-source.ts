import { createWriteStream } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { readLocalToken } from '../../../control/auth/local-token.ts'
import { CommandFailure } from '../../command-failure.ts'
import { allAccounts } from '../people/all-accounts.ts'
import type { DaemonConnection } from '../connection/daemon-connection.ts'
import type { ExportSource } from './export-source.ts'
import { patientClient } from './patient-client.ts'

/** Of the daemon that runs, which has proven its identity before. */
export function daemonSource(
  daemon: Pick<DaemonConnection, 'client' | 'authority'>,
  { stateDir, signal }: { stateDir: string; signal: AbortSignal },
): ExportSource {
  const client = patientClient(daemon.client, signal)
  return {
    client,
    accounts: () => allAccounts(client),
    copyMedia: async (account, mediaId, path) => {
      const place = `/v1/accounts/${encodeURIComponent(account)}/media/${encodeURIComponent(mediaId)}`
      const headers = { authorization: `Bearer ${readLocalToken(stateDir)}` }
      const asked = request(`http://${daemon.authority}${place}`, { headers, signal })
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        asked.once('response', resolve).once('error', reject).end()
      })
      if (response.statusCode === 200) {
        await pipeline(response, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal })
        return true
      }
      response.resume()
      if (response.statusCode === 404) return false
      throw new CommandFailure(
        `the daemon did not give a file of a message (HTTP ${response.statusCode}); try again`,
      )
    },
  }
}

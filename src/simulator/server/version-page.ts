import type { IncomingMessage } from 'node:http'
import type { Faults } from '../faults/faults.ts'

const NEWEST = 1_043_857_760

/**
 * The script at which a browser learns the current client revision. It is given only to what looks like a browser that opens it
 * by itself: anything else gets 400 (Baileys `fetchLatestWaWebVersion`, zapo).
 */
export function versionPage(
  { headers }: Pick<IncomingMessage, 'headers'>,
  faults: Pick<Faults, 'minimumRevision' | 'versionPage'>,
): { status: number; body: string } {
  const isBrowser =
    headers['sec-fetch-site'] === 'none' && headers['user-agent']?.includes('Chrome/') === true
  if (!isBrowser) return { status: 400, body: 'bad request' }
  const revision = Math.max(faults.minimumRevision, NEWEST)
  return faults.versionPage ?? { status: 200, body: scriptWith(revision) }
}

function scriptWith(revision: number): string {
  const data = JSON.stringify(JSON.stringify({ client_revision: revision, server_revision: revision }))
  return `"use strict";self.__swData=JSON.parse(${data});self.addEventListener("install",()=>{});\n`
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { CONNECTORS } from '../../src/agents/registry.ts'
import { WhatsappdClient } from '../../src/client/client.ts'
import { ConfigService } from '../../src/config/config-service.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { CommandLine } from '../support/command-line.ts'
import { ALICE, allowing, BOB } from './config-place.ts'

const PRELOAD = new URL('../support/kill-at-sync.mjs', import.meta.url).href
/** The file and its directory, then the copy of the last valid content and its directory. */
const SYNCS_OF_AN_EDIT = 4

let home: string
let config: string
let stateDir: string
let command: CommandLine | null = null
let client: WhatsappdClient | null = null

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'whatsappd-killed-'))
  config = join(home, 'sandbox.config.json5')
  stateDir = join(home, 'state')
  writeFileSync(config, allowing(ALICE, BOB))
})
afterEach(async () => {
  client?.close()
  command?.signal('SIGKILL')
  await command?.exit
  rmSync(home, { recursive: true, force: true })
})

/** Starts the daemon, removes Bob while it is killed at the sync of this number, and tells whether the answer came. */
async function removeBob(killAt: number): Promise<'answered' | 'killed'> {
  const arm = join(home, 'kill-at')
  command = new CommandLine(['run', '--config', config, '--state-dir', stateDir, '--port', '0'], {
    NODE_OPTIONS: `--import ${PRELOAD}`,
    KILL_AT_SYNC: arm,
  })
  const [, port] = await command.waitFor(/port (\d+)/)
  client = new WhatsappdClient({
    url: `ws://127.0.0.1:${port}/v1/ws`,
    token: readFileSync(join(stateDir, 'token'), 'utf8').trim(),
    WebSocket,
  })
  await client.connect()
  writeFileSync(arm, String(killAt))
  const answer = client.request('config.removeAllowFrom', { allowFrom: [BOB] }).then(
    () => 'answered' as const,
    () => 'killed' as const,
  )
  const outcome = await Promise.race([answer, command.exit.then(() => 'killed' as const)])
  command.signal('SIGKILL')
  await command.exit
  return outcome
}

/** Who is allowed after a start on the files as they are. */
async function allowedAtStart(): Promise<readonly string[]> {
  const logger = createLogger({ level: 'silent', format: 'json', destination: { write: () => {} } })
  const service = new ConfigService({ configPath: config, stateDir, env: {}, connectors: CONNECTORS, logger })
  await service.start()
  await service.stop()
  return service.current.accounts['default']?.access.allowFrom ?? []
}

describe('an edit while the daemon is killed', () => {
  it.each(Array.from({ length: SYNCS_OF_AN_EDIT }, (_, index) => index + 1))(
    'at its sync %d: leaves the whole old file or the whole new one, and no answer',
    async (killAt) => {
      expect(await removeBob(killAt)).toBe('killed')
      const text = readFileSync(config, 'utf8')
      expect([allowing(ALICE, BOB), allowing(ALICE)]).toContain(text)
      const allowed = text === allowing(ALICE) ? [ALICE] : [ALICE, BOB]
      expect(await allowedAtStart()).toEqual(allowed)
    },
  )

  it('after its last sync: the answer came, and who was removed stays so, also with a file that breaks afterwards', async () => {
    expect(await removeBob(SYNCS_OF_AN_EDIT + 1)).toBe('answered')
    expect(readFileSync(config, 'utf8')).toBe(allowing(ALICE))
    writeFileSync(config, '{ channels: ')
    expect(await allowedAtStart()).toEqual([ALICE])
  })
})

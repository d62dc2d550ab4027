import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDaemon, type Daemon } from '../../src/daemon.ts'
import { createLogger } from '../../src/observability/log/logger.ts'

const IDS = ['default', 'second', 'third', 'fourth', 'fifth', 'sixth']

// All of fifty accounts once opened and closed in one turn of the event loop, which took seconds on a slow disk.
describe('a daemon with many accounts', () => {
  let directory: string
  let daemon: Daemon
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-many-'))
    const accounts = Object.fromEntries(IDS.map((id) => [id, { allowFrom: [] }]))
    writeFileSync(join(directory, 'config.json5'), JSON.stringify({ channels: { whatsapp: { accounts } } }))
    daemon = createDaemon({
      configPath: join(directory, 'config.json5'),
      stateDir: join(directory, 'state'),
      env: {},
      logger: createLogger({ level: 'silent' }),
      version: '0.0.0-test',
      listen: { port: 0 },
    })
  })
  afterEach(async () => {
    await daemon.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  /** A database in use has a log beside it. */
  const openFiles = (): number =>
    IDS.filter((id) => existsSync(join(directory, 'state', 'accounts', id, 'account.db-wal'))).length

  /** How many accounts are open in each turn of the event loop until `work` is done. */
  async function openDuring(work: Promise<unknown>): Promise<number[]> {
    const ended = new AbortController()
    const done = work.finally(() => ended.abort())
    const seen: number[] = []
    while (!ended.signal.aborted) {
      seen.push(openFiles())
      await nextTurn()
    }
    await done
    seen.push(openFiles())
    return seen
  }

  const steps = (seen: readonly number[]): number[] =>
    seen.slice(1).flatMap((count, index) => (count === seen[index] ? [] : [count - (seen[index] ?? 0)]))

  it('opens and closes one of them in a turn of the event loop', async () => {
    const opened = await openDuring(daemon.start())
    expect(steps(opened)).toEqual(IDS.map(() => 1))
    const closed = await openDuring(daemon.stop())
    expect(steps(closed)).toEqual(IDS.map(() => -1))
  })
})

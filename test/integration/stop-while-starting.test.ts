import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDaemon, type Daemon } from '../../src/daemon.ts'
import { createLogger } from '../../src/observability/log/logger.ts'

// A service manager may stop the daemon at any moment, also while it starts: nothing of it may stay open then.
describe('a daemon that is stopped while it starts', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-starting-'))
    writeFileSync(join(directory, 'sandbox.config.json5'), '{ channels: { whatsapp: { allowFrom: [] } } }')
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  const create = (): Daemon =>
    createDaemon({
      configPath: join(directory, 'sandbox.config.json5'),
      stateDir: join(directory, 'state'),
      env: {},
      logger: createLogger({ level: 'silent' }),
      version: '0.0.0-test',
      listen: { port: 0 },
    })

  it.each([0, 1, 2, 3, 4, 5, 8, 13])(
    'starts nothing more after %i turns, and leaves nothing open',
    async (turns) => {
      const daemon = create()
      const started = daemon.start().then(
        () => 'started',
        (error: unknown) => error,
      )
      for (let turn = 0; turn < turns; turn += 1) await nextTurn()
      await daemon.stop()
      expect([expect.objectContaining({ code: 'stopping' }), 'started']).toContainEqual(await started)
      // The directory's lock, its databases and the accounts' locks are free again.
      const next = create()
      const { host, port } = await next.start()
      expect(next.registry.list()).toMatchObject([{ account: 'default', state: 'unlinked' }])
      expect((await fetch(`http://${host}:${port}/livez`)).status).toBe(200)
      await next.stop()
    },
  )
})

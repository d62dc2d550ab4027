import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileReaderAgent } from '../support/file-reader-agent.ts'
import { KilledDaemon } from '../support/killed-daemon.ts'
import { ALICE, OWNER } from '../support/stack.ts'

describe('a file is asked about once, and whole, when the daemon is killed', () => {
  let directory: string
  let daemon: KilledDaemon
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'media-killed-'))
    daemon = await KilledDaemon.start({ allowFrom: [ALICE], ...fileReaderAgent(directory) })
  })
  afterEach(async () => {
    await daemon.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  const stored = (): string[] => {
    const files = join(daemon.home, 'state', 'accounts', 'default', 'media')
    return existsSync(files) ? readdirSync(files).filter((name) => name !== '.gitignore') : []
  }

  it('while it is fetched', async () => {
    const data = randomBytes(60_000)
    const hash = createHash('sha256').update(data).digest('hex').slice(0, 16)
    daemon.simulator.faults.media.spoilDownloads({ kind: 'slow', bytesPerSecond: 5_000 })
    await daemon.alice.sendMedia(OWNER, { kind: 'document', data, name: 'plan.bin', caption: 'read it' })
    await expect.poll(stored).toHaveLength(1)
    expect(stored()[0]).toMatch(/\.part$/)
    await daemon.kill()
    daemon.simulator.faults.media.clear()
    await daemon.startAgain()
    await daemon.alice.waitForText(({ text }) => text.includes(hash))
    await daemon.alice.sendText(OWNER, 'and now?')
    await daemon.alice.waitForText(({ text }) => text.includes('and now?'))
    expect(daemon.alice.received.filter(({ from }) => from === OWNER)).toHaveLength(2)
    expect(stored()).toHaveLength(1)
    expect(stored()[0]).toMatch(/^[0-9a-f]{32}\.bin$/)
  })
})

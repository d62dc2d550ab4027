import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SessionFile, type StoredSession } from '../../../../../src/agents/connectors/acp/session-file.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-sessions-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const path = (): string => join(directory, 'default', 'ada.sessions.json')
const stored = (key: string): StoredSession => ({
  key,
  session: `at the agent ${key}`,
  conversation: '1',
  agent: 'qwen',
  seenUntil: 7,
  instructions: '',
  ownModel: null,
  totals: { inputTokens: 70, outputTokens: 7 },
})

describe('the sessions of an agent', () => {
  it('are there after a restart, in a file that nobody else reads', () => {
    new SessionFile(path()).set(stored('wa_1'))
    expect(new SessionFile(path()).find('wa_1')).toEqual(stored('wa_1'))
    expect(new SessionFile(path()).find('wa_2')).toBeNull()
    expect(statSync(path()).mode & 0o777).toBe(0o600)
    expect(statSync(join(directory, 'default')).mode & 0o777).toBe(0o700)
  })

  it('are those of the thousand conversations that were talked in last', () => {
    const file = new SessionFile(path())
    const all = Array.from({ length: 1_000 }, (_, index) => stored(`wa_${index}`))
    writeFileSync(join(directory, 'full.json'), JSON.stringify(all), { mode: 0o600 })
    const full = new SessionFile(join(directory, 'full.json'))
    full.set(stored('wa_0'))
    full.set(stored('wa_new'))
    expect([full.find('wa_0'), full.find('wa_1'), full.find('wa_2')]).toMatchObject([
      { key: 'wa_0' },
      null,
      { key: 'wa_2' },
    ])
    file.set({ ...stored('wa_1'), session: 'x'.repeat(501) })
    expect(file.find('wa_1')).toBeNull()
  })

  it.each(['{', '[{"key":1}]', '{"a":1}', 'null'])('are none where the file holds %s', (text) => {
    writeFileSync(join(directory, 'damaged.json'), text, { mode: 0o600 })
    const file = new SessionFile(join(directory, 'damaged.json'))
    expect(file.find('wa_1')).toBeNull()
    file.set(stored('wa_1'))
    expect(readFileSync(join(directory, 'damaged.json'), 'utf8')).toContain('wa_1')
  })

  it('are kept for this run where the disk takes none', () => {
    writeFileSync(join(directory, 'default'), 'a file, no directory')
    const file = new SessionFile(path())
    file.set(stored('wa_1'))
    expect(file.find('wa_1')).toEqual(stored('wa_1'))
  })
})

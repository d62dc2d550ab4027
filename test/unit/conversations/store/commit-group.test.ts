import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { CommitGroup } from '../../../../src/conversations/store/commit-group.ts'
import { Database } from '../../../../src/storage/database/database.ts'
import { useFakeClock } from '../fake-clock.ts'

function open() {
  const directory = mkdtempSync(join(tmpdir(), 'whatsappd-commits-'))
  const database = Database.open(join(directory, 'a.db'), [
    { version: 1, sql: 'CREATE TABLE entries (text TEXT NOT NULL UNIQUE)' },
  ])
  const failures: unknown[] = []
  const commits = new CommitGroup(database, (error) => failures.push(error))
  onTestFinished(() => {
    database.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const done: string[] = []
  const write = (text: string) => () => {
    database.prepare('INSERT INTO entries (text) VALUES (?)').run(text)
    return () => void done.push(text)
  }
  const stored = () =>
    (database.prepare('SELECT text FROM entries').all() as { text: string }[]).map(({ text }) => text)
  return { commits, done, write, stored, failures }
}

describe('CommitGroup', () => {
  it('writes now, and what was deferred before it, once and in order', () => {
    const { commits, done, write, stored } = open()
    commits.later(write('one'))
    expect(stored()).toEqual([])
    commits.now(write('two'))
    commits.now(write('three'))
    commits.flush()
    expect(stored()).toEqual(['one', 'two', 'three'])
    expect(done).toEqual(['one', 'two', 'three'])
  })

  it('writes what is deferred by itself, within 20 ms', () => {
    useFakeClock()
    const { commits, done, write } = open()
    commits.later(write('one'))
    commits.later(write('two'))
    vi.advanceTimersByTime(20)
    expect(done).toEqual(['one', 'two'])
  })

  it('changes nothing and tells nobody when a write fails, and keeps what was deferred', () => {
    const { commits, done, write, stored } = open()
    commits.now(write('one'))
    commits.later(write('two'))
    expect(() => commits.now(write('one'))).toThrow('UNIQUE')
    expect(stored()).toEqual(['one'])
    expect(done).toEqual(['one'])
    commits.flush()
    expect(done).toEqual(['one', 'two'])
  })

  it('reports a deferred write that fails, and defers nothing after a stop', () => {
    const { commits, done, write, failures } = open()
    commits.now(write('one'))
    commits.later(write('one'))
    commits.stop()
    expect(failures).toHaveLength(1)
    const other = open()
    other.commits.stop()
    other.commits.later(other.write('late'))
    expect(other.done).toEqual(['late'])
    expect(done).toEqual(['one'])
  })
})

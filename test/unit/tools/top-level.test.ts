import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

const CHECK = join(import.meta.dirname, '../../../src/tools/check-top-level.mjs')

let repository: string
beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'whatsappd-top-level-'))
  execFileSync('git', ['init', '-q'], { cwd: repository })
  mkdirSync(join(repository, 'src/notes'), { recursive: true })
  for (const path of ['package.json', 'README.md', 'src/notes/todo.txt'])
    writeFileSync(join(repository, path), '')
})
afterEach(() => rmSync(repository, { recursive: true, force: true }))

/** Tracks all files of the repository, then checks it. */
function check(): { status: number | null; stderr: string } {
  execFileSync('git', ['add', '-A'], { cwd: repository })
  const { status, stderr } = spawnSync(process.execPath, [CHECK], { cwd: repository, encoding: 'utf8' })
  return { status, stderr }
}

it('accepts what belongs at the top level, and anything inside of the folders', () => {
  expect(check()).toEqual({ status: 0, stderr: '' })
})

it.each(['notes.txt', 'scripts/run.sh'])('names %s, and what to do about it', (path) => {
  mkdirSync(join(repository, 'scripts'))
  writeFileSync(join(repository, path), '')
  const { status, stderr } = check()
  expect(status).toBe(1)
  expect(stderr).toContain(`${path.split('/')[0]}: not allowed at the top level`)
  expect(stderr).toContain('src/tools/check-top-level.mjs')
})

it('ignores what git does not track', () => {
  writeFileSync(join(repository, '.gitignore'), 'dist\n')
  mkdirSync(join(repository, 'dist'))
  writeFileSync(join(repository, 'dist/main.js'), '')
  expect(check()).toEqual({ status: 0, stderr: '' })
})

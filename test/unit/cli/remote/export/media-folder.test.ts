import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { MediaFolder } from '../../../../../src/cli/remote/export/media-folder.ts'

let directory: string
const copied: string[] = []
const source = {
  copyMedia: async (_account: string, mediaId: string, path: string) => {
    copied.push(mediaId)
    if (mediaId === 'gone') return false
    writeFileSync(path, `file ${mediaId}`, { mode: 0o600 })
    if (mediaId === 'breaks') throw new Error('the connection ended')
    return true
  },
}
beforeEach(() => {
  copied.length = 0
  directory = mkdtempSync(join(tmpdir(), 'media-folder-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const file = (mediaId: string | null, name: string | null = null, size: number | null = 6) => ({
  mediaId,
  kind: 'document' as const,
  mimeType: null,
  name,
  size,
  state: 'ready' as const,
  problem: null,
})
const folder = (maxBytes = 1_000) => new MediaFolder(directory, source, maxBytes)

it.each([
  ['report.pdf', 'default/m1-report.pdf'],
  [null, 'default/m1'],
  ['../../etc/passwd', 'default/m1-_._etc_passwd'],
  ['a/b\\c:d*e?.txt', 'default/m1-a_b_c_d_e_.txt'],
  ['..', 'default/m1-file'],
  ['.bashrc', 'default/m1-bashrc'],
  ['CON.txt', 'default/m1-_CON.txt'],
  ['résumé 履歴書.docx', 'default/m1-résumé 履歴書.docx'],
  ['line\nbreak\u202Egpj.exe', 'default/m1-line_break_gpj.exe'],
  [`${'x'.repeat(500)}.jpeg`, `default/m1-${'x'.repeat(75)}.jpeg`],
  // Three bytes a letter: file systems count bytes.
  [`${'ก'.repeat(70)}.pdf`, `default/m1-${'ก'.repeat(50)}.pdf`],
  [`a.${'ก'.repeat(200)}`, `default/m1-a.${'ก'.repeat(49)}`],
])('a file that is called %j has a name that leads nowhere else', async (name, path) => {
  expect(await folder().add('default', file('m1', name))).toBe(path)
  expect(resolve(directory, path).startsWith(`${directory}/default/`)).toBe(true)
  expect(readFileSync(join(directory, path), 'utf8')).toBe('file m1')
  expect(statSync(join(directory, path)).mode & 0o077).toBe(0)
})

it('what is there is not copied again, what broke off leaves nothing, and a later run brings it', async () => {
  await folder().add('default', file('m1'))
  await expect(folder().add('default', file('breaks'))).rejects.toThrow('the connection ended')
  expect(readdirSync(join(directory, 'default'))).toEqual(['m1'])
  expect(await folder().add('default', file('m1'))).toBe('default/m1')
  expect(copied).toEqual(['m1', 'breaks'])
})

it('what cannot be had has no path', async () => {
  expect(await folder().add('default', file(null))).toBeNull()
  expect(await folder().add('default', { ...file('m1'), state: 'gone' })).toBeNull()
  expect(await folder().add('default', file('gone'))).toBeNull()
  expect(existsSync(join(directory, 'default', 'gone'))).toBe(false)
})

it('has no more than its bound, with what was there before', async () => {
  const first = folder(14)
  await first.add('default', file('m1'))
  expect([await first.add('default', file('m2')), first.leftOut]).toEqual(['default/m2', 0])
  const again = folder(15)
  for (const id of ['m1', 'm2', 'm3', 'm4']) await again.add('default', file(id))
  expect(again.leftOut).toBe(2)
  expect(readdirSync(join(directory, 'default'))).toEqual(['m1', 'm2'])
})

it('its bound counts what is there of other accounts and conversations, too', async () => {
  await folder().add('default', file('m1'))
  await folder().add('work', file('m2'))
  const again = folder(19)
  expect([await again.add('default', file('m3')), again.leftOut]).toEqual([null, 1])
})

it('deletes what a killed export had begun to copy, and leaves the one that runs alone', async () => {
  await folder().add('default', file('m1'))
  const { pid: gone } = spawnSync(process.execPath, ['--version'])
  const drafts = [gone, process.ppid].map((pid) => `m2.${pid}.whatsappd.tmp`)
  for (const draft of drafts) writeFileSync(join(directory, 'default', draft), 'x'.repeat(900))
  expect(await folder().add('default', file('m3'))).toBe('default/m3')
  expect(readdirSync(join(directory, 'default'))).toEqual(['m1', drafts[1], 'm3'])
})

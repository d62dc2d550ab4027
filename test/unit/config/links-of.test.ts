import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { linksOf } from '../../../src/config/file/links-of.ts'

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'whatsappd-links-')))
  mkdirSync(join(root, 'mount', '..2026'), { recursive: true })
  writeFileSync(join(root, 'mount', '..2026', 'config'), '')
  symlinkSync('..2026', join(root, 'mount', '..data'))
  symlinkSync('..data/config', join(root, 'mount', 'config'))
  symlinkSync(join(root, 'mount'), join(root, 'etc'))
  symlinkSync('round', join(root, 'round'))
})
afterEach(() => rmSync(root, { recursive: true }))

it('names every link on the way: a ConfigMap behind a linked directory', () => {
  expect(linksOf(join(root, 'etc', 'config'))).toEqual([
    join(root, 'etc'),
    join(root, 'mount', 'config'),
    join(root, 'mount', '..data'),
  ])
})

it('is empty where there is none, also for a path that leads nowhere', () => {
  expect(linksOf(join(root, 'mount', '..2026', 'config'))).toEqual([])
  expect(linksOf(join(root, 'mount', 'missing', 'config'))).toEqual([])
})

it('ends with a link that leads to itself', () => {
  expect(linksOf(join(root, 'round')).length).toBeLessThan(100)
})

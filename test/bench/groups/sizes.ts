import { execFileSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Group } from './group.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const NPM_TIMEOUT_MS = 300_000

interface Packed {
  filename: string
  size: number
  unpackedSize: number
}

/** What npm transfers and what it leaves on the disk. */
export const sizes: Group = {
  summary:
    'the package: packed, unpacked, installed with what it depends on; the card (needs the npm registry)',
  subjects: ['ours'],
  rounds: 1,
  limitMs: 2 * NPM_TIMEOUT_MS,
  isUsual: false,
  figures: {
    packedSize: { label: 'package, packed', unit: 'MB', checked: 'ours' },
    unpackedSize: { label: 'package, unpacked', unit: 'MB', checked: 'ours' },
    installedSize: { label: 'installed, with what it depends on', unit: 'MiB', checked: 'ours' },
    cardSize: { label: 'card.js, gzipped', unit: 'kB', checked: 'ours' },
  },
  measure: async (_, __, measurement) => {
    const directory = mkdtempSync(join(tmpdir(), 'bench-sizes-'))
    measurement.own({ stop: () => rmSync(directory, { recursive: true, force: true }) })
    const npm = (args: string[], cwd: string): string =>
      execFileSync('npm', args, {
        cwd,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: NPM_TIMEOUT_MS,
      })
    const [packed] = JSON.parse(
      npm(['pack', '--ignore-scripts', '--json', '--pack-destination', directory], ROOT),
    ) as Packed[]
    if (packed === undefined) throw new Error('npm packed nothing')
    writeFileSync(join(directory, 'package.json'), '{ "private": true }')
    npm(['install', '--no-audit', '--no-fund', `./${packed.filename}`], directory)
    return {
      packedSize: packed.size / 1e6,
      unpackedSize: packed.unpackedSize / 1e6,
      // As `du` counts: in blocks of the disk.
      installedSize: sizeOnDisk(join(directory, 'node_modules')) / 2 ** 20,
      cardSize: gzipSync(readFileSync(join(ROOT, 'dist/browser/card.js'))).length / 1e3,
    }
  },
}

function sizeOnDisk(directory: string): number {
  return readdirSync(directory, { withFileTypes: true, recursive: true }).reduce(
    (total, entry) => total + lstatSync(join(entry.parentPath, entry.name)).blocks * 512,
    0,
  )
}

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface BrowserAsset {
  body: Uint8Array<ArrayBuffer>
  /** Strong, quoted. */
  etag: string
}

/** The built files in one directory. Each is read once and again when it changes, so that requests open no files. */
export class BrowserAssets {
  readonly #directory: string
  readonly #loaded = new Map<string, { version: string; asset: Promise<BrowserAsset> }>()

  constructor(directory: string) {
    this.#directory = directory
  }

  /** One file, by a name without a directory; `null` when it was not built. Rejects when it cannot be read and never was. */
  async read(name: string): Promise<BrowserAsset | null> {
    const path = join(this.#directory, name)
    const facts = await stat(path).catch(() => null)
    if (facts === null) return null
    const version = [facts.ino, facts.size, facts.mtimeMs].join()
    const loaded = this.#loaded.get(name)
    if (loaded?.version === version) return loaded.asset
    const asset = load(path)
    this.#loaded.set(name, { version, asset })
    try {
      return await asset
    } catch (error) {
      // An error of the disk passes; what was read before is still right enough.
      if (loaded === undefined) this.#loaded.delete(name)
      else this.#loaded.set(name, { ...loaded, version: '' })
      if (loaded === undefined) throw error
      return loaded.asset
    }
  }
}

async function load(path: string): Promise<BrowserAsset> {
  const body = new Uint8Array(await readFile(path))
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` }
}

/** `dist/browser` of the tree that this file runs from, bundled in `dist/` or straight from `src/`. */
export function findBrowserAssets(): string {
  for (let directory = dirname(fileURLToPath(import.meta.url)); ; directory = dirname(directory)) {
    // The one of `dist` says only what kind of files is in it.
    const isRoot = basename(directory) !== 'dist' && existsSync(join(directory, 'package.json'))
    if (isRoot || dirname(directory) === directory) return join(directory, 'dist', 'browser')
  }
}

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface BrowserAsset {
  body: Uint8Array<ArrayBuffer>
  /** Strong, quoted. */
  etag: string
}

/** One built file; `null` when it was not built. Read each time, so that a rebuild shows without a restart. */
export async function readBrowserAsset(
  directory: string,
  name: 'card.js' | 'page.js',
): Promise<BrowserAsset | null> {
  try {
    const body = new Uint8Array(await readFile(join(directory, name)))
    return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` }
  } catch {
    return null
  }
}

/** `dist/browser` of the tree that this file runs from, bundled in `dist/` or straight from `src/`. */
export function findBrowserAssets(): string {
  for (let directory = dirname(fileURLToPath(import.meta.url)); ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json')) || dirname(directory) === directory) {
      return join(directory, 'dist', 'browser')
    }
  }
}

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface PackageInfo {
  root: string
  version: string
}

/** The package this file belongs to, bundled in `dist/` or straight from `src/`. Throws where it lies in none. */
export function packageInfo(): PackageInfo {
  let root = dirname(fileURLToPath(import.meta.url))
  while (dirname(root) !== root) {
    const path = join(root, 'package.json')
    // Those of single directories say only what kind of files is in them.
    const { version } = existsSync(path)
      ? (JSON.parse(readFileSync(path, 'utf8')) as { version?: string })
      : {}
    if (version !== undefined) return { root, version }
    root = dirname(root)
  }
  throw new Error('whatsappd lies in no package')
}

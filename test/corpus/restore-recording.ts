import { createHash } from 'node:crypto'
import { chmodSync, cpSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Puts recorded files where a daemon finds them, with the modes that it gives; a checkout has others. The copy of the last valid config is
 * named for the path of the file that it was made of: `recordedPath` then, `configPath` now.
 */
export function restoreRecording(
  directory: string,
  { stateDir, configPath, recordedPath }: { stateDir: string; configPath: string; recordedPath: string },
): void {
  cpSync(join(directory, 'state'), stateDir, { recursive: true })
  chmodSync(stateDir, 0o700)
  for (const entry of readdirSync(stateDir, { recursive: true, withFileTypes: true }))
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600)
  renameSync(join(stateDir, lastValidName(recordedPath)), join(stateDir, lastValidName(configPath)))
}

function lastValidName(path: string): string {
  return `config.last-valid.${createHash('sha256').update(path).digest('hex').slice(0, 8)}.json5`
}

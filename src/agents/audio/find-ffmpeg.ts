import { findForeignWriter } from '../programs/foreign-writer.ts'
import { lookUpProgram } from '../programs/look-up-program.ts'

/**
 * The whole path of `ffmpeg` as it is now in the daemon's PATH; `null` where there is none, or one that other users can change. Looked
 * up at each use: who installs it need not restart the daemon.
 */
export function findFfmpeg(environment: NodeJS.ProcessEnv): string | null {
  const path = lookUpProgram('ffmpeg', environment)
  try {
    return path === null || findForeignWriter(path) !== null ? null : path
  } catch {
    return null
  }
}

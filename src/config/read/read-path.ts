import { resolve } from 'node:path'
import { DaemonError } from '../../protocol/errors.ts'
import { expandHome } from '../../storage/files/expand-home.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import type { Problems } from '../problems/problems.ts'

/** What a path in the file depends on. */
export interface PathContext {
  /** Where relative paths start. */
  directory: string
  env: NodeJS.ProcessEnv
}

/** An absolute path, from a setting that holds one; `~` is the home directory. What cannot be expanded is a problem at `path`. */
export function readPath(
  raw: string,
  path: readonly PathSegment[],
  { directory, env }: PathContext,
  problems: Problems,
): string {
  if (raw.includes('${') && problems.expansions.at(path) === null) {
    const message =
      'This path would hold "${" literally: a variable is written ${NAME}, in capitals, digits and _ only.'
    problems.error('invalid_value', path, message)
  }
  try {
    return resolve(directory, expandHome(raw, env))
  } catch (error) {
    if (!(error instanceof DaemonError)) throw error
    problems.error('invalid_value', path, error.message)
    return resolve(directory, raw)
  }
}

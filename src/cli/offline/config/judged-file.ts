import { dirname } from 'node:path'
import { CONNECTORS } from '../../../agents/registry.ts'
import type { ConfigDocument } from '../../../config/document/config-document.ts'
import { readConfigContent } from '../../../config/file/read-config-content.ts'
import { composedDocument } from '../../../config/include/composed-document.ts'
import type { Config } from '../../../config/model.ts'
import { ConfigError } from '../../../config/problems/config-error.ts'
import { resolveDocument, type ResolveContext } from '../../../config/read/resolve.ts'
import type { ConfigProblem } from '../../../protocol/config/config-problem.ts'

/** A config file as it stands on the disk, read in the environment of this command. */
export interface JudgedFile {
  /** `null` where there is no text, or none that is JSON5. */
  document: ConfigDocument | null
  /** `null` where it cannot be used. */
  config: Config | null
  /** Why not. */
  problems: readonly ConfigProblem[]
}

export function contextOf(path: string, env: NodeJS.ProcessEnv): ResolveContext {
  return { directory: dirname(path), env, connectors: CONNECTORS }
}

/** Reads and judges it; changes nothing. A file that is not there is a problem, too. */
export function judgeFile(path: string, env: NodeJS.ProcessEnv): JudgedFile {
  const content = readConfigContent(path, env)
  if (content.kind !== 'text') {
    const [code, why] =
      content.kind === 'missing'
        ? ['unreadable', 'is not there, so nobody is allowed']
        : [content.code, content.why]
    const problem = { code, path: '', line: null, column: null, message: `${path} ${why}.` }
    return { document: null, config: null, problems: [problem] }
  }
  let document: ConfigDocument | null = null
  try {
    const composed = composedDocument(content)
    // Reads it: from here on only what it means can be wrong.
    document = composed.value === undefined ? null : composed
    return { document, config: resolveDocument(composed, contextOf(path, env)), problems: [] }
  } catch (error) {
    const { problems } = error instanceof ConfigError ? error : ConfigError.internal(error)
    return { document, config: null, problems }
  }
}

import { ConfigDocument } from '../document/config-document.ts'
import { ConfigError } from '../problems/config-error.ts'
import type { ConfigProblem } from '../../protocol/config/config-problem.ts'
import type { SourceFile } from './composition.ts'

/** Why an included file is no JSON5, with its name and the place in it. */
export function unreadableFile({ name, text }: SourceFile): ConfigError {
  const inFile = (problem: ConfigProblem): ConfigProblem => ({
    ...problem,
    ...(name !== '' && { file: name }),
  })
  try {
    ConfigDocument.read(text)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const [first, ...others] = error.problems
    return new ConfigError([inFile(first), ...others.map(inFile)])
  }
  return ConfigError.internal(new Error('two readings of one text disagree'))
}

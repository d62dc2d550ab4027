import type { ConfigText } from '../include/config-text.ts'
import { type ConfigFileContent, readConfigFile } from './read-config-file.ts'
import { readIncludedFiles } from './read-included-files.ts'

/** The content of a config file with that of what it includes, or why it has none. */
export type ConfigContent = Exclude<ConfigFileContent, { kind: 'text' }> | ({ kind: 'text' } & ConfigText)

/** Reads the file at `path` and the files that it includes. Never throws. */
export function readConfigContent(path: string, env: NodeJS.ProcessEnv): ConfigContent {
  const content = readConfigFile(path)
  if (content.kind !== 'text') return content
  const included = readIncludedFiles(path, content.text, env)
  return included === undefined ? content : { ...content, included }
}

import { ConfigError } from '../problems/config-error.ts'
import type { ConfigFileContent } from './read-config-file.ts'

/** The text of the file at `path`. Throws `ConfigError` for what has none. */
export function textOf(content: ConfigFileContent, path: string): string {
  if (content.kind === 'text') return content.text
  const [code, why] = content.kind === 'missing' ? ['unreadable', 'is missing'] : [content.code, content.why]
  const message = `The config file ${path} ${why}; the last valid one stays in force.`
  throw new ConfigError([{ code, path: '', line: null, column: null, message }])
}

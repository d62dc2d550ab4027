import type { ConfigProblem } from '../../../protocol/config/config-problem.ts'

/** Where a problem of the config file is: `channels.whatsapp.allowFrom[1] · line 12, column 5`, with the name of an included file before the line. */
export function formatProblemPlace({ path, file, line, column }: ConfigProblem): string {
  const position = line && `line ${line}${column ? `, column ${column}` : ''}`
  return [path, file, position].filter(Boolean).join(' · ')
}

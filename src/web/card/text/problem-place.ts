import type { ConfigProblem } from '../../../protocol/config-problem.ts'

/** Where a problem of the config file is: `channels.whatsapp.allowFrom[1] · line 12, column 5`. */
export function formatProblemPlace({ path, line, column }: ConfigProblem): string {
  const position = line && `line ${line}${column ? `, column ${column}` : ''}`
  return [path, position].filter(Boolean).join(' · ')
}

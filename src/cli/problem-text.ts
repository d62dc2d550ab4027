import type { ConfigProblem } from '../protocol/config/config-problem.ts'

/** What is wrong in the config file, and where, for a terminal. */
export function problemText({ path, file, line, column, message }: ConfigProblem): string {
  const inFile = file === undefined ? '' : `${file}, `
  const place = line === null ? '' : ` (${inFile}line ${line}, column ${column ?? 1})`
  return `${path === '' ? '' : `${path}: `}${message}${place}`
}

import { existsSync } from 'node:fs'
import { redactText } from '../observability/log/redact-text.ts'
import type { StartedDaemon } from '../daemon.ts'

/** Which config file is followed, and what is wrong with it; `inFull` where a person reads it and no log. */
export function configLine({ path, problem, badEntries }: StartedDaemon['config'], inFull: boolean): string {
  if (problem !== null) {
    const place = problem.line === null ? '' : `, line ${problem.line}, column ${problem.column ?? 1}`
    // What a parser stumbled over may be anything that was meant for the file.
    const what = inFull ? problem.message : `${problem.code}; "whatsappd status" tells more`
    return `${path}${place}\n             not in force: ${redactText(what)}`
  }
  if (badEntries > 0) {
    const what = badEntries === 1 ? '1 entry counts' : `${badEntries} entries count`
    return `${path}\n             ${what} for nobody; "whatsappd status" names the place`
  }
  return existsSync(path) ? path : `${path} (no file yet: nobody is allowed until it is there)`
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'

const EXAMPLES = join(import.meta.dirname, '../../docs/examples/agents')
/** Debian's packages of Python are for Debian's Python. */
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'

/** The documented programs that attach; behind `args` come url, token file and agent. */
export const EXAMPLE_PROGRAMS: readonly [language: string, command: string, args: string[]][] = [
  ['TypeScript', process.execPath, ['--import', 'tsx', join(EXAMPLES, 'attached-assistant.ts')]],
  ['Python', PYTHON, [join(EXAMPLES, 'attached_assistant.py')]],
]

import { closeSync, openSync, readSync } from 'node:fs'

const LONGEST_LINE_BYTES = 512

/** The flags that a program's first lines give to Node, as in `exec node --max-semi-space-size=2 -- "$0" "$@"`. */
export function shebangFlags(program: string): string[] {
  const file = openSync(program, 'r')
  try {
    const start = Buffer.alloc(LONGEST_LINE_BYTES)
    const length = readSync(file, start)
    const [first = '', second = ''] = start.toString('utf8', 0, length).split('\n')
    if (!first.startsWith('#!')) return []
    const flags = /\bexec node (.*) -- /.exec(second)?.[1] ?? ''
    return flags.split(' ').filter((flag) => flag !== '')
  } finally {
    closeSync(file)
  }
}

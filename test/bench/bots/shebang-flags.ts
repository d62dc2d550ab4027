import { closeSync, openSync, readSync } from 'node:fs'

const HEADER_BYTES = 512

/** The flags that a program's first lines give to Node, as in `exec node --max-semi-space-size=2 -- "$0" "$@"`. */
export function shebangFlags(program: string): string[] {
  const file = openSync(program, 'r')
  try {
    const start = Buffer.alloc(HEADER_BYTES)
    const length = readSync(file, start)
    const text = start.toString('utf8', 0, length)
    const flags = text.startsWith('#!') ? (/\bexec node (.*) -- /.exec(text)?.[1] ?? '') : ''
    return flags.split(' ').filter((flag) => flag !== '')
  } finally {
    closeSync(file)
  }
}

import { closeSync, openSync, readSync } from 'node:fs'

const LONGEST_LINE_BYTES = 512

/** The flags that a program's first line gives to Node, as in `#!/usr/bin/env -S node --max-semi-space-size=2`. */
export function shebangFlags(program: string): string[] {
  const file = openSync(program, 'r')
  try {
    const start = Buffer.alloc(LONGEST_LINE_BYTES)
    const length = readSync(file, start)
    const [line = ''] = start.toString('utf8', 0, length).split('\n')
    const flags = /^#!.*\bnode\s+(.*)$/.exec(line)?.[1] ?? ''
    return flags.split(' ').filter((flag) => flag !== '')
  } finally {
    closeSync(file)
  }
}

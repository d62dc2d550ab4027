import { describe, expect, it } from 'vitest'
import { runCommandLine } from '../../../src/cli/command-line.ts'

async function help(...command: string[]): Promise<string> {
  const lines: string[] = []
  const code = await runCommandLine([...command, '--help'], {
    env: {},
    version: '0.0.0-test',
    packageRoot: '/nowhere',
    signal: new AbortController().signal,
    write: (text) => void lines.push(text),
    writeError: (text) => void lines.push(text),
    onHangUp: () => () => {},
    outputFailure: async () => null,
    terminal: false,
    terminalSize: () => null,
    onResize: () => () => {},
    ask: null,
    askText: null,
  })
  expect(code).toBe(0)
  return lines.join('\n')
}

/** The commands that a help text lists. */
function commandsIn(text: string): string[] {
  const [, list = ''] = text.split('\nCommands:\n')
  const names = [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name)
  return names.filter((name) => name !== 'help')
}

describe('the help', () => {
  it('of every command fits a terminal of 80 columns', async () => {
    const program = await help()
    const commands = commandsIn(program)
    expect(commands).toEqual(expect.arrayContaining(['run', 'demo', 'accounts', 'restore']))
    const texts = [program]
    for (const command of commands) {
      const text = await help(command)
      texts.push(text)
      for (const subcommand of commandsIn(text)) texts.push(await help(command, subcommand))
    }
    expect(texts.flatMap((text) => text.split('\n')).filter((line) => line.length > 80)).toEqual([])
  })
})

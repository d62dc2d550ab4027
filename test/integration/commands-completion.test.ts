import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'

const directory = mkdtempSync(join(tmpdir(), 'whatsappd-completion-'))
const script = (shell: string): string => join(directory, `completion.${shell}`)
/** What a person has typed, the last word unfinished, and what it can become. */
const LINES: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['whatsappd acc', ['accounts']],
  ['whatsappd accounts ', ['add', 'list', 'remove', 'take-over']],
  ['whatsappd accounts add --n', ['--name']],
  ['whatsappd --state-dir /tmp allow --na', ['--name']],
  ['whatsappd allow --account shop --js', ['--json']],
  ['whatsappd completion ', ['bash', 'fish', 'zsh']],
  ['whatsappd send --as vo', ['voice']],
  ['whatsappd allow --name ', []],
]

beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout, stderr } = await CommandLine.run(['completion', shell])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    writeFileSync(script(shell), stdout)
  }
  writeFileSync(join(directory, 'notes one.txt'), '')
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** A shell that may not be there. */
function isThere(shell: string): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0
}

describe('completion', () => {
  it.each(LINES)('bash completes %j', (line, words) => {
    expect(completeInBash(line).toSorted()).toEqual([...words])
  })

  it('bash completes files where a file is wanted, also with a space in the name', () => {
    expect(completeInBash(`whatsappd backup ${directory}/notes`)).toEqual([join(directory, 'notes one.txt')])
    expect(completeInBash(`whatsappd run --config ${directory}/notes`)).toEqual([
      join(directory, 'notes one.txt'),
    ])
  })

  it('every command and option is in the script of each shell', async () => {
    const { stdout } = await CommandLine.run(['--help'])
    const [, list = ''] = stdout.split('\nCommands:\n')
    const commands = [...list.matchAll(/^ {2}([a-z-]+)/gm)].flatMap(([, name]) => name ?? [])
    expect(commands.length).toBeGreaterThan(20)
    const bash = completeInBash('whatsappd ')
    expect(bash).toEqual(commands.filter((name) => name !== 'help'))
  })

  it.runIf(isThere('fish')).each(LINES)('fish completes %j', (line, words) => {
    const output = execFileSync('fish', ['-c', `source ${script('fish')}; complete -C '${line}'`], {
      encoding: 'utf8',
    })
    const found = output.split('\n').flatMap((each) => each.split('\t')[0] || [])
    expect(found.toSorted()).toEqual([...words])
  })

  it.runIf(isThere('zsh'))('zsh reads the script and offers the commands', () => {
    const output = execFileSync(
      'zsh',
      [
        '-f',
        '-c',
        `compdef() { print "$@" }; _describe() { print -rl -- $commands }; _arguments() { print -rl -- $options }
         source ${script('zsh')}
         words=(whatsappd accounts ''); CURRENT=3; PREFIX=''; _whatsappd
         words=(whatsappd --state-dir /tmp allow --na); CURRENT=5; PREFIX=--na; _whatsappd`,
      ],
      { encoding: 'utf8' },
    )
    expect(output).toMatch(/^_whatsappd whatsappd$/m)
    expect(output).toMatch(/^take-over:leave the conflict/m)
    expect(output).toMatch(/^--name=\[what agents and events call them; for one person\]/m)
  })
})

function completeInBash(line: string): string[] {
  const words = line.split(' ').map((word) => `'${word}'`)
  const program = `source '${script('bash')}'
    COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _whatsappd
    printf '%s\\n' "\${COMPREPLY[@]}"`
  const output = execFileSync('bash', ['--norc', '-c', program], { encoding: 'utf8' })
  return output.split('\n').filter((each) => each !== '')
}

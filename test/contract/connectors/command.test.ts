import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { isAlive } from '../../support/is-alive.ts'
import { type Behaviour, type ConnectorHarness, describeConnector } from './connector-contract.ts'

const PROGRAM = join(import.meta.dirname, '../../support/answering-program.mjs')
const SECRET = 'sk-4711-of-the-program'

function harness(speaks: 'text' | 'jsonl' | 'stay'): ConnectorHarness {
  let directory = ''
  const env: NodeJS.ProcessEnv = { PATH: process.env['PATH'], PROGRAM_KEY: SECRET }
  return {
    behaviours: {
      answers: 'shown',
      talks: 'shown',
      hangs: 'shown',
      refuses: 'shown',
      breaks: 'shown',
      floods: 'shown',
      babbles: 'shown',
      'never ends': 'shown',
      'says nothing': 'shown',
      'comes back': 'shown',
      'starts slowly': 'shown',
    },
    start: async () => {
      directory = mkdtempSync(join(tmpdir(), 'command-'))
      env['HOME'] = directory
    },
    stop: async () => rmSync(directory, { recursive: true, force: true }),
    settings: (behaviour) => {
      // Each agent breaks off once.
      rmSync(join(directory, `${speaks}.once`), { force: true })
      return {
        program: process.execPath,
        args: [PROGRAM, speaks, behaviour, directory],
        environment: { PROGRAM_KEY: { env: 'PROGRAM_KEY' } },
        ...(speaks === 'stay' ? { mode: 'stay' } : { output: speaks }),
      }
    },
    released: async (behaviour: Behaviour) => {
      // The program notes each question in a file: its process, and what the question is called.
      const isOpen = (): boolean => {
        const notes = join(directory, behaviour.replaceAll(' ', '-'))
        const pids = existsSync(notes) ? readdirSync(notes).map((name) => Number(name.split('-')[0])) : []
        return pids.some(isAlive)
      }
      await expect.poll(isOpen).toBe(false)
    },
    env,
    secret: SECRET,
  }
}

describeConnector('command', harness('text'), 'one program a question')
describeConnector('command', harness('jsonl'), 'one program a question, lines of JSON')
describeConnector('command', harness('stay'), 'a program that stays')

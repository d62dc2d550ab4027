import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { turnJsonSchema } from '../../../../../src/protocol/agent/turn-json.ts'
import { ProgramFixture } from '../../programs/program-fixture.ts'
import { ask, commandAgent } from './command-fixture.ts'

const sh = (text: string): string => `#!/bin/sh\n${text}\n`

it('hands the question over on the input alone, as the documented JSON', async () => {
  const fixture = new ProgramFixture()
  const agent = commandAgent(fixture, sh('printf "%s|" "$#"; env | grep -c hunter2; cat'), {
    textFormat: 'plain',
  })
  const [rest = '', json = ''] = (await ask(agent, '*hunter2*')).split(/\n(.*)/s)
  expect(rest).toBe('0|0')
  expect(turnJsonSchema.parse(JSON.parse(json)).messages[0]?.text).toBe('*hunter2*')
})

it('takes plain text for the answer only where the program ends well', async () => {
  const fixture = new ProgramFixture()
  expect(await ask(commandAgent(fixture, sh('echo "Hello"; echo; echo "Ann"; echo')))).toBe('Hello\n\nAnn')
  const failed = ask(commandAgent(fixture, sh('echo half; exit 7')))
  await expect(failed).rejects.toMatchObject({
    code: 'program_ended',
    message: 'the program of agent "ada" ended with exit code 7',
  })
  const killed = ask(commandAgent(fixture, sh('echo half; kill -SEGV $$')))
  await expect(killed).rejects.toMatchObject({ message: expect.stringContaining('SIGSEGV') })
})

it('needs no line that says the end of lines of JSON, and says where they are none', async () => {
  const fixture = new ProgramFixture()
  const lines = { output: 'jsonl' }
  const delta = (text: string): string => `echo '{"type":"delta","text":"${text}"}'`
  expect(await ask(commandAgent(fixture, sh(`${delta('one ')}; ${delta('two')}`), lines))).toBe('one two')
  const done = `echo '{"type":"done","text":"two"}'`
  expect(await ask(commandAgent(fixture, sh(`${delta('one ')}; ${done}; ${done}`), lines))).toBe('one two')
  // What a library prints by mistake is passed over.
  expect(await ask(commandAgent(fixture, sh(`echo loading; ${delta('one')}`), lines))).toBe('one')
  for (const text of ['echo Hello', 'echo {not json', `echo '{"type":"answer"}'`]) {
    const answer = ask(commandAgent(fixture, sh(text), lines))
    await expect(answer, text).rejects.toMatchObject({
      code: 'bad_answer',
      action: expect.stringContaining('output "text"'),
    })
  }
})

it('lets a program that has answered finish its work', async () => {
  const fixture = new ProgramFixture()
  const done = join(fixture.directory, 'done')
  const text = `echo '{"type":"delta","text":"Hello"}'; echo '{"type":"done"}'; sleep 0.3; echo more; touch ${done}`
  expect(await ask(commandAgent(fixture, sh(text), { output: 'jsonl' }))).toBe('Hello')
  expect(existsSync(done)).toBe(false)
  await expect.poll(() => existsSync(done)).toBe(true)
})

it('ends promptly at its deadline, also where a program has closed its output and goes on', async () => {
  const agent = commandAgent(new ProgramFixture(), sh('echo Hello; exec >&-; sleep 90'), {
    timeoutSeconds: 1,
  })
  const started = performance.now()
  await expect(ask(agent)).rejects.toMatchObject({ code: 'timeout' })
  expect(performance.now() - started).toBeLessThan(30_000)
})

it('says at its start what is wrong with the program and with its secrets', async () => {
  const fixture = new ProgramFixture()
  const start = async (settings: Record<string, unknown>): Promise<void> =>
    commandAgent(fixture, sh('cat'), settings).start?.(new AbortController().signal)
  await start({})
  await expect(start({ program: 'no-such-program' })).rejects.toMatchObject({ code: 'misconfigured' })
  await expect(start({ environment: { MY_KEY: { env: 'NOT_SET' } } })).rejects.toMatchObject({
    code: 'misconfigured',
    action: expect.stringContaining('environment.MY_KEY'),
  })
})

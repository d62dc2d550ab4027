import { expect, it, onTestFinished } from 'vitest'
import type { Agent } from '../../../../../src/agents/agent.ts'
import { ProgramFixture } from '../../programs/program-fixture.ts'
import { ask, commandAgent } from './command-fixture.ts'

/** A program that calls `answer(question, reply)` for each question; `reply` sends an answer to it. */
async function staying(answer: string, settings: Record<string, unknown> = {}): Promise<Agent> {
  const program = `
    const send = (value) => process.stdout.write(JSON.stringify(value) + '\\n')
    let pending = ''
    process.stdin.on('data', (chunk) => {
      const lines = (pending + chunk).split('\\n')
      pending = lines.pop()
      for (const line of lines) {
        const { type, request, messages } = JSON.parse(line)
        const reply = (value) => send({ request, ...value })
        if (type === 'turn') (${answer})(messages[0].text, reply, send)
      }
    })`
  const agent = commandAgent(new ProgramFixture(), program, { mode: 'stay', ...settings })
  onTestFinished(() => agent.stop?.())
  await agent.start?.(new AbortController().signal)
  return agent
}

const SAY = `(text, reply) => { reply({ type: 'delta', text }); reply({ type: 'done' }) }`

it('is one program for all questions', async () => {
  const agent = await staying(
    `(text, reply) => { reply({ type: 'delta', text: String(process.pid) }); reply({ type: 'done' }) }`,
  )
  const answers = await Promise.all(['a', 'b', 'c'].map((text) => ask(agent, text)))
  expect(new Set([...answers, await ask(agent)]).size).toBe(1)
})

it('may say the end of its answer with its last piece', async () => {
  const agent = await staying(
    `(text, reply) => { reply({ type: 'delta', text }); reply({ type: 'done', text: '!' }) }`,
  )
  expect(await ask(agent)).toBe('hello!')
})

it('puts an answer that comes late into no other conversation', async () => {
  // The answer to the first question comes with the one to the second.
  const agent = await staying(`(text, reply) => {
    if (text === 'first') return (globalThis.late = () => reply({ type: 'delta', text: 'LATE' }))
    globalThis.late()
    reply({ type: 'delta', text })
    reply({ type: 'done' })
  }`)
  const abort = new AbortController()
  const first = ask(agent, 'first', abort.signal)
  setTimeout(() => abort.abort(new Error('taken back')), 50)
  await expect(first).rejects.toThrow('taken back')
  expect(await ask(agent, 'second')).toBe('second')
})

it('takes no answer that does not say to which question it belongs', async () => {
  const agent = await staying(`(text, reply, send) => send({ type: 'delta', text })`)
  await expect(ask(agent)).rejects.toMatchObject({ code: 'bad_answer' })
})

it('is started again after it ended by itself, and tells meanwhile how it is', async () => {
  const agent = await staying(`(text, reply) => {
    if (text === 'die') process.exit(9)
    ;(${SAY})(text, reply)
  }`)
  expect(agent.health?.()).toEqual({ ok: true, message: null })
  const message = 'the program of agent "ada" ended with exit code 9'
  const failures = await Promise.allSettled([ask(agent, 'die'), ask(agent, 'die')])
  for (const failure of failures)
    expect(failure).toMatchObject({ reason: { code: 'program_ended', message } })
  expect(agent.health?.()).toEqual({ ok: false, message })
  const started = performance.now()
  expect(await ask(agent)).toBe('hello')
  // Not at once: a program that always fails would keep the machine busy.
  expect(performance.now() - started).toBeGreaterThan(500)
  expect(agent.health?.()).toEqual({ ok: true, message: null })
})

it('is started again where it hangs as a whole, and not where it works for others', async () => {
  const pidOf = `reply({ type: 'delta', text: String(process.pid) })`
  const agent = await staying(
    `(text, reply) => {
      if (text === 'hang') while (true);
      if (text === 'talk') return setInterval(() => reply({ type: 'delta', text: '.' }), 50)
      if (text === 'wait') return
      ${pidOf}; reply({ type: 'done' })
    }`,
    // Longer than the wait before a restart.
    { timeoutSeconds: 2 },
  )
  const pid = await ask(agent)
  const [talked, waited] = await Promise.allSettled([ask(agent, 'talk'), ask(agent, 'wait')])
  for (const { status } of [talked, waited]) expect(status).toBe('rejected')
  expect(await ask(agent)).toBe(pid)
  await expect(ask(agent, 'hang')).rejects.toMatchObject({ code: 'timeout' })
  expect(await ask(agent)).not.toBe(pid)
})

it('says that it cannot answer without its words, and goes on', async () => {
  const agent = await staying(`(text, reply) => {
    if (text !== 'bad') return (${SAY})(text, reply)
    reply({ type: 'fail', message: 'hunter2 is wrong' })
  }`)
  const error: unknown = await ask(agent, 'bad').catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'server_error' })
  expect(String((error as Error).stack)).not.toContain('hunter2')
  expect(await ask(agent)).toBe('hello')
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AcpPlace, answerTo } from '../../../../support/acp-place.ts'

let place: AcpPlace
beforeEach(() => {
  place = new AcpPlace()
})
afterEach(() => place.remove())

describe('the answer of an agent', () => {
  it('is the text of its messages alone, each a paragraph: no thoughts, plans, tools, nor what another session says', async () => {
    const agent = place.agent({ does: 'thinks' })
    expect(await answerTo(agent)).toBe('Let me look.\n\nIt is there.')
  })

  it.each([
    { reason: 'end_turn', text: 'Yes.', answer: 'Yes.' },
    { reason: 'something_new', text: 'Yes.', answer: 'Yes.' },
    { reason: 'end_turn', text: undefined, answer: '' },
    { reason: 'max_tokens', text: 'Once upon', answer: 'Once upon…' },
    { reason: 'max_turn_requests', text: 'Once upon', answer: 'Once upon…' },
    { reason: 'refusal', text: 'I must not.', answer: 'I must not.' },
  ])('ends well where it stops for $reason with the text $text', async ({ reason, text, answer }) => {
    expect(await answerTo(place.agent({ does: 'stops', reason, text }))).toBe(answer)
  })

  it.each([
    { reason: 'max_tokens', text: undefined, code: 'no_answer' },
    { reason: 'max_turn_requests', text: undefined, code: 'no_answer' },
    { reason: 'refusal', text: undefined, code: 'refused' },
    { reason: 'cancelled', text: 'I was', code: 'interrupted' },
  ])('fails by name where it stops for $reason with the text $text', async ({ reason, text, code }) => {
    await expect(answerTo(place.agent({ does: 'stops', reason, text }))).rejects.toMatchObject({ code })
  })

  it('comes though the program greets where only messages belong', async () => {
    expect(await answerTo(place.agent({ noise: 'Welcome to the agent! [1]' }))).toBe('You said: hello')
  })

  it('offers the agent neither files nor a terminal of ours', async () => {
    const agent = place.agent({ does: 'readsFiles' })
    expect(await answerTo(agent)).toBe('error -32601')
    expect(place.scripted.calls('initialize')).toMatchObject([
      {
        protocolVersion: 1,
        clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
      },
    ])
  })

  it('comes from a program that sees nothing of the daemon but what its entry names', async () => {
    await answerTo(place.agent({}))
    const [{ environment, directory } = {}] = place.scripted.notes()
    expect(environment).toEqual(['AGENT_KEY', 'HOME', 'PATH'])
    expect(directory).toBe(place.scripted.directory)
  })
})

describe('a program that cannot answer', () => {
  it('of another version of the protocol is told by name', async () => {
    const failure = { code: 'bad_answer', message: expect.stringContaining('speaks version 2') }
    await expect(answerTo(place.agent({ version: 2 }))).rejects.toMatchObject(failure)
  })

  it('that wants a login says where to log in, and with what', async () => {
    const agent = place.agent({ locked: true, logins: ['Use an "API" key\nnow'] })
    await expect(answerTo(agent)).rejects.toMatchObject({
      code: 'unauthorized',
      action: expect.stringMatching(
        /^Log in on this machine first: start ".*node" in a terminal.*environment.*API/,
      ),
    })
  })

  it('that ends at once is told with its exit code and where to look', async () => {
    await expect(answerTo(place.agent({ start: 'ends' }))).rejects.toMatchObject({
      code: 'interrupted',
      message: 'the agent "ada" ended with exit code 7',
      action: expect.stringContaining('in a terminal'),
    })
  })

  it('that says nothing at its start is ended, and told by name', async () => {
    const agent = place.impatient({ start: 'hangs' }, { initializeTimeoutMs: 200 })
    await expect(answerTo(agent)).rejects.toMatchObject({
      code: 'timeout',
      action: expect.stringContaining('terminal'),
    })
    await expect.poll(() => place.scripted.notes().some(({ released }) => released === 'all')).toBe(true)
  })

  it('starts slowly, and answers', async () => {
    expect(await answerTo(place.agent({ start: 'isSlow' }))).toBe('You said: hello')
  })
})

describe('a program that ends in a turn', () => {
  it('before it did anything is started again and asked once more', async () => {
    expect(await answerTo(place.agent({ does: ['dies', 'answers'] }))).toBe('You said: hello')
  })

  it('every time is asked twice and not more', async () => {
    await expect(answerTo(place.agent({ does: 'dies' }))).rejects.toMatchObject({ code: 'interrupted' })
    expect(place.scripted.prompts()).toHaveLength(2)
  })

  it('after it said something is not asked again', async () => {
    await expect(answerTo(place.agent({ does: 'breaks' }))).rejects.toMatchObject({ code: 'interrupted' })
    expect(place.scripted.prompts()).toHaveLength(1)
  })

  it('after it asked to use a tool is not asked again', async () => {
    await expect(answerTo(place.agent({ does: 'asksAndDies' }))).rejects.toMatchObject({
      code: 'interrupted',
    })
    expect(place.scripted.prompts()).toHaveLength(1)
  })

  it('is not well until it runs again, and then answers', async () => {
    const agent = place.agent({ does: ['breaks', 'answers'] })
    await expect(answerTo(agent)).rejects.toThrow()
    await expect
      .poll(() => agent.health?.())
      .toMatchObject({ ok: false, message: expect.stringContaining('exit code 3') })
    await expect.poll(() => agent.health?.().ok).toBe(true)
    expect(await answerTo(agent)).toBe('You said: hello')
  })
})

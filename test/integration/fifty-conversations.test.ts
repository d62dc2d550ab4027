import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { withoutFacts } from '../support/turn-of.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

const PHONES = 50
const QUESTIONS = 10
const PLACES = 6

let stack: Stack | undefined
let server: Server | undefined

afterEach(async () => {
  await stack?.stop()
  server?.closeAllConnections()
  server?.close()
})

interface Load {
  url: string
  /** Requests side by side, at most. */
  most: number
}

/** An assistant that answers each question with itself, in pieces and after a while that differs; "hang" never. */
async function startAssistant(): Promise<Load> {
  const load: Load = { url: '', most: 0 }
  let count = 0
  let running = 0
  server = createServer((request, response) => {
    running += 1
    load.most = Math.max(load.most, running)
    response.on('close', () => (running -= 1))
    let body = ''
    request.on('data', (bytes) => (body += String(bytes)))
    request.on('end', () => {
      const question = /(P\d+ question \d+|hang)[^]*?$/.exec(lastQuestion(body))?.[1] ?? 'nothing'
      if (question === 'hang') return
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      count += 1
      const say = (content: string): boolean =>
        response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)
      say('About ')
      setTimeout(
        () => {
          say(question)
          response.end('data: [DONE]\n\n')
        },
        20 + ((count * 7) % 60),
      )
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // The address of a server that listens on a port.
  load.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return load
}

function lastQuestion(body: string): string {
  // The request of our own connector.
  const { messages } = JSON.parse(body) as { messages: { content: string }[] }
  return withoutFacts(messages.at(-1)?.content ?? '')
}

const numberOf = (index: number): string => `+1555100${String(index).padStart(4, '0')}`

async function converse(phone: SimulatedPhone, name: string, isPatient: boolean): Promise<void> {
  for (let question = 0; question < QUESTIONS; question += 1) {
    const text = `${name} question ${question}`
    await phone.sendText(stack?.owner ?? OWNER, text)
    if (isPatient) await answerOf(phone, text)
  }
  await answerOf(phone, `${name} question ${QUESTIONS - 1}`)
}

function answerOf(phone: SimulatedPhone, question: string): Promise<unknown> {
  return phone.waitForText(`About ${question}`, 90_000)
}

describe('many conversations at once', () => {
  it('answers fifty of them, ten questions each: the right chat, in order, within the places of the agent', async () => {
    const warnings: string[] = []
    const warn = ({ message }: Error): number => warnings.push(message)
    process.on('warning', warn)
    onTestFinished(() => void process.off('warning', warn))
    const assistant = await startAssistant()
    const numbers = Array.from({ length: PHONES }, (_each, index) => numberOf(index))
    stack = await Stack.start({
      allowFrom: numbers,
      channel: {
        agents: {
          ada: {
            connector: 'openai-chat',
            baseUrl: assistant.url,
            model: 'any',
            parallelTurns: PLACES,
          },
        },
      },
    })
    const running = stack
    const phones = numbers.map((number, index) => running.createPhone(number, `P${index}`))
    await stack.link()
    await Promise.all(phones.map((phone, index) => converse(phone, `P${index}`, index % 2 === 0)))
    for (const [index, phone] of phones.entries()) {
      const expected = Array.from({ length: QUESTIONS }, (_each, at) => `About P${index} question ${at}`)
      expect(phone.received.map(({ text }) => text)).toEqual(expected)
    }
    expect(assistant.most).toBe(PLACES)
    await stack.until('the end of typing', () =>
      phones.every((phone) => phone.typing.at(-1)?.isTyping === false),
    )
    expect(stack.shownTo(MALLORY)).toEqual([])
    expect(warnings).toEqual([])
  })

  it('answers with one agent while another one hangs in all of its places', async () => {
    const { url } = await startAssistant()
    const numbers = [numberOf(1), numberOf(2)]
    const agent = { connector: 'openai-chat', baseUrl: url, model: 'any', parallelTurns: 1 }
    stack = await Stack.start({
      allowFrom: [...numbers, ALICE],
      channel: { agents: { slow: agent, quick: agent }, senders: { [ALICE]: { agent: 'quick' } } },
    })
    const [first, second] = numbers.map((number) => stack?.createPhone(number, 'P'))
    await stack.link()
    await first?.sendText(stack.owner, 'hang')
    await second?.sendText(stack.owner, 'P2 question 1')
    await stack.untilEvent('agent.turnStarted')
    await stack.alice.sendText(stack.owner, 'P3 question 1')
    await answerOf(stack.alice, 'P3 question 1')
    expect(second?.received).toEqual([])
    // The one who waits is not shown as being answered, and gets the answer when the place is free.
    expect(second?.typing).toEqual([])
    stack.writeConfig([numberOf(2), ALICE])
    if (second !== undefined) await answerOf(second, 'P2 question 1')
  })
})

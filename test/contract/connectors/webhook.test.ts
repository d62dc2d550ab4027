import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { type PostedTurn, WebhookServer } from '../../support/webhook-server.ts'
import { allShown, type Behaviour, describeConnector } from './connector-contract.ts'

const SECRET = `whsec_${Buffer.from('this secret signs every request!').toString('base64')}`

const questionOf = ({ turn }: PostedTurn): string => turn.messages.map(({ text }) => text).join('\n')
const line = (step: object): string => `${JSON.stringify(step)}\n`
const lines = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })

/** Writes until the daemon hangs up. */
async function writeForever(response: ServerResponse, text: string): Promise<void> {
  while (!response.destroyed) {
    if (!response.write(text)) await Promise.race([once(response, 'drain'), once(response, 'close')])
  }
}

const ANSWERS: Record<Behaviour, (posted: PostedTurn, response: ServerResponse) => void | Promise<void>> = {
  answers: (posted, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ text: `You said: ${questionOf(posted)}` }))
  },
  talks: async (_posted, response) => {
    lines(response)
    while (!response.destroyed) {
      response.write(line({ type: 'delta', text: 'word ' }))
      await delay(20)
    }
  },
  hangs: () => {},
  refuses: (posted, response) => {
    response.writeHead(401).end(`${questionOf(posted)} with ${SECRET}`)
  },
  breaks: (_posted, response) => {
    lines(response).write(line({ type: 'delta', text: 'half an ans' }), () => response.destroy())
  },
  floods: (_posted, response) =>
    writeForever(lines(response), line({ type: 'delta', text: 'x'.repeat(5_000) })),
  'never ends': (_posted, response) =>
    writeForever(lines(response), line({ type: 'delta', text: 'x'.repeat(5_000) })),
  babbles: (_posted, response) =>
    writeForever(response.writeHead(200, { 'content-type': 'application/json' }), 'x'.repeat(65_536)),
  'says nothing': (_posted, response) => void response.writeHead(204).end(),
  'comes back': (posted, response) => {
    if (isEvenPost(posted)) return ANSWERS.answers(posted, response)
    return ANSWERS.breaks(posted, response)
  },
  'starts slowly': (posted, response) => {
    if (isEvenPost(posted)) return ANSWERS.answers(posted, response)
    response.writeHead(503).end()
  },
}

/** Each agent fails once, and is asked twice. */
const isEvenPost = ({ path }: PostedTurn): boolean => server.postedTo(path).length % 2 === 0

const pathOf = (behaviour: Behaviour): string => behaviour.replaceAll(' ', '-')

let server: WebhookServer

describeConnector('webhook', {
  behaviours: allShown(ANSWERS),
  start: async () => {
    server = await WebhookServer.start(
      Object.fromEntries(
        Object.entries(ANSWERS).map(([behaviour, answer]) => [pathOf(behaviour as Behaviour), answer]),
      ),
    )
  },
  stop: () => server.stop(),
  settings: (behaviour) => ({ url: server.urlOf(pathOf(behaviour)), secret: { env: 'WEBHOOK_SECRET' } }),
  released: async (behaviour) => {
    const isOpen = (): boolean => server.postedTo(pathOf(behaviour)).some(({ aborted }) => !aborted)
    await expect.poll(isOpen).toBe(false)
  },
  env: { WEBHOOK_SECRET: SECRET },
  secret: SECRET,
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withDeadline } from '../../src/timing/deadline.ts'
import { Stack } from '../support/stack.ts'
import { type Frame, WireClient } from './support/wire-client.ts'

const PATIENCE_MS = 60_000
const DOCUMENT = join(import.meta.dirname, '../../docs/protocol.md')

interface Line {
  direction: '←' | '→'
  frame: Record<string, unknown>
}

/** The lines of the worked examples. What `…` stands for is left open. */
function documentedConversation(): Line[] {
  const lines = readFileSync(DOCUMENT, 'utf8').matchAll(/^([←→]) (.+)$/gmu)
  return [...lines].map(([, direction, text = '']) => ({
    direction: direction as Line['direction'], // the pattern allows these two
    frame: JSON.parse(
      text.replaceAll(/,…\}/gu, ',"…":0}').replaceAll(/\{…\}/gu, '{"…":0}').replaceAll(/…\]/gu, '"…"]'),
    ) as Record<string, unknown>,
  }))
}

/** Whether a real value is as documented; where it is not, the path of the first difference. */
function difference(documented: unknown, real: unknown, path = ''): string | null {
  if (typeof documented === 'string' && documented.includes('…')) {
    const begin = documented.slice(0, documented.indexOf('…'))
    return typeof real === 'string' && real.startsWith(begin) ? null : path
  }
  if (Array.isArray(documented)) {
    if (!Array.isArray(real)) return path
    const isOpen = documented.at(-1) === '…'
    const items = isOpen ? documented.slice(0, -1) : documented
    if (!isOpen && items.length !== real.length) return `${path}.length`
    return firstOf(items.map((item, index) => difference(item, real[index], `${path}[${index}]`)))
  }
  if (typeof documented === 'object' && documented !== null) {
    if (typeof real !== 'object' || real === null) return path
    const { '…': open, ...fields } = documented as Record<string, unknown>
    const values = real as Record<string, unknown>
    const unknown = open === undefined ? Object.keys(values).filter((key) => !(key in fields)) : []
    if (unknown.length > 0) return `${path}.${unknown.join(', ')}`
    return firstOf(
      Object.entries(fields).map(([key, value]) => difference(value, values[key], `${path}.${key}`)),
    )
  }
  return documented === real ? null : path
}

const firstOf = (found: readonly (string | null)[]): string | null =>
  found.find((each) => each !== null) ?? null

describe('the conversation that the protocol shows', () => {
  let stack: Stack
  let client: WireClient

  beforeEach(async () => {
    stack = await Stack.start()
    client = new WireClient(`${stack.url.replace('http', 'ws')}/v1/ws`)
    await client.hello()
  })
  afterEach(async () => {
    client.socket.terminate()
    await stack.stop()
  })

  it('is what a daemon and a client say to each other', async () => {
    const token = readFileSync(join(stack.stateDir, 'token'), 'utf8').trim()
    const conversation = documentedConversation()
    expect(conversation.length).toBeGreaterThan(8)
    for (const { direction, frame } of conversation) {
      if (direction === '→') {
        const params = frame['params'] as Record<string, unknown> // every request of the document has them
        const secret = 'token' in params ? { params: { ...params, token } } : {}
        client.socket.send(JSON.stringify({ ...frame, ...secret }))
        continue
      }
      const isMeant = ({ id, method }: Frame): boolean =>
        frame['id'] === undefined ? method === frame['method'] : id === frame['id']
      const meant = client.frame((each) => isMeant(each) && difference(frame, each) === null)
      await withDeadline(meant, PATIENCE_MS, () => {
        const differences = client.frames.filter(isMeant).map((each) => difference(frame, each))
        throw new Error(`${JSON.stringify(frame)} differs at: ${differences.join('; ')}`)
      })
    }
  })
})

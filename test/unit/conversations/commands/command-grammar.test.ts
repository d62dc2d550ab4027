import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CommandLine, parseCommand } from '../../../../src/conversations/commands/command-grammar.ts'

const AGENTS = ['ada', 'Bob', 'bob', '1234567']
const direct = (text: string): CommandLine | null => parseCommand({ text, chat_kind: 'direct' }, AGENTS)
const inGroup = (text: string): CommandLine | null => parseCommand({ text, chat_kind: 'group' }, AGENTS)
const agents = { kind: 'command', name: 'agents' }
const agent = (id: string | null) => ({ kind: 'command', name: 'agent', id })
const addressed = (id: string, text: string) => ({ kind: 'addressed', agent: id, text })

describe('a message', () => {
  it.each([
    ['/agents', agents],
    [' /Agents ', agents],
    ['/agent', agent(null)],
    ['/agent ada', agent('ada')],
    ['/AGENT\tnobody', agent('nobody')],
    ['/agent ada and more', agent('ada and more')],
    ['@ada hello', addressed('ada', 'hello')],
    ['@ADA: hello\nthere', addressed('ada', 'hello\nthere')],
    ['@Ada,\nhello', addressed('ada', 'hello')],
    ['@bob hello', addressed('bob', 'hello')],
    ['@Bob hello', addressed('Bob', 'hello')],
    ['@BOB hello', addressed('Bob', 'hello')],
    ['@ada', agent('ada')],
    ['@ada  ', agent('ada')],
  ])('%j is an order', (text, order) => {
    expect(direct(text)).toEqual(order)
  })

  it.each([
    '',
    'hello',
    '/',
    '/new',
    '/agentada',
    '/agents-of-change',
    'what is /agent ada?',
    '@nobody hello',
    '@adam hello',
    '@ada!',
    'hello @ada',
    '@',
    '@15550000001 /agents',
  ])('%j is for whoever answers', (text) => {
    expect(direct(text)).toBeNull()
  })

  it.each([
    ['@15550000001 /agents', agents],
    ['/agents @15550000001', agents],
    ['@15550000001  @369020889193522 /agent ada', agent('ada')],
    ['/agent ada @15550000001 @15550000002 ', agent('ada')],
    ['@15550000001 @ada hello', addressed('ada', 'hello')],
    ['@ada @15550000001 hello', addressed('ada', '@15550000001 hello')],
    ['@1234567 hello', addressed('1234567', 'hello')],
    ['@15550000001 hello', null],
  ])('in a group mentions before and behind do not matter: %j', (text, order) => {
    expect(inGroup(text)).toEqual(order)
  })

  it('is read at once, whatever it is', () => {
    for (const filling of [' ', ' @15550000001', '\n', '@15550000001 ']) {
      const text = filling.repeat(70_000 / filling.length)
      const began = performance.now()
      for (const head of ['', '/agent', '@ada', '@15550000001']) {
        for (const tail of ['', '!']) inGroup(`${head}${text}${tail}`)
      }
      expect(performance.now() - began).toBeLessThan(1_000)
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const order = inGroup(text)
        if (order?.kind === 'addressed') expect(AGENTS).toContain(order.agent)
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Order, parseOrder } from '../../../../src/conversations/commands/command-grammar.ts'
import { commandNamed, nearCommand } from '../../../../src/conversations/commands/registry.ts'
import { expectLinearGrowth } from '../../../support/grows-linearly.ts'

const AGENTS = ['ada', 'Bob', 'bob', '1234567']
const VOCABULARY = {
  agents: AGENTS,
  names: ['Ada', 'Big Bot', '/^hey/'],
  commandNamed,
  nearCommand,
  choosing: 'agent',
}
const direct = (text: string): Order | null => parseOrder({ text, isGroup: false }, VOCABULARY)
const inGroup = (text: string): Order | null => parseOrder({ text, isGroup: true }, VOCABULARY)
const agents = { kind: 'command', name: 'agents', argument: null }
const agent = (argument: string | null) => ({ kind: 'command', name: 'agent', argument })
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
    ['/agents.', agents],
    ['/Agents!!', agents],
    ['/agents…', agents],
    ['／agents', agents],
    ['／ＡＧＥＮＴＳ', agents],
    ['\u00A0/agents\u00A0', agents],
    ['\u200F/agents\u200F', agents],
    ['\u2067/agent\u2069 \u2068ada\u2069', agent('ada')],
    ['/agent: ada', agent('ada')],
    ['/agent,\u00A0ada', agent('ada')],
    ['/agent\nada', agent('ada')],
    ['\u200E@ada hello', addressed('ada', 'hello')],
    ['@ada \u200Fhello', addressed('ada', '\u200Fhello')],
    ['/reset', { kind: 'command', name: 'new', argument: null }],
    ['/hlep', { kind: 'nearMiss', meant: 'help' }],
    ['/hepl me', { kind: 'nearMiss', meant: 'help' }],
    ['/Modle llama', { kind: 'nearMiss', meant: 'model' }],
  ])('%j is an order', (text, order) => {
    expect(direct(text)).toEqual(order)
  })

  it.each([
    '',
    'hello',
    '/',
    '/news',
    '/step',
    '/think',
    '/agentada',
    '/agents-of-change',
    'what is /agent ada?',
    '@nobody hello',
    '@adam hello',
    '@ada!',
    'hello @ada',
    '@',
    '@15550000001 /agents',
  ])('%j is for the agent that answers there', (text) => {
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
    ['Ada /agents', agents],
    ['ada, ／agents', agents],
    ['BIG  bot: /agent ada', agent('ada')],
    ['@15550000001 Ada! /agents', agents],
    ['Adam /agents', null],
    ['Ada, what is /agents', null],
    ['hey /agents', null],
    ['Ada /think', null],
  ])('mentions around it are ignored in a group: %j', (text, order) => {
    expect(inGroup(text)).toEqual(order)
  })

  it('is read at once, whatever it is', async () => {
    for (const filling of [' ', ' @15550000001', '\n', '@15550000001 '])
      await expectLinearGrowth((length) => {
        const text = filling.repeat(length / filling.length)
        for (const head of ['', '/agent', '@ada', '@15550000001']) {
          for (const tail of ['', '!']) inGroup(`${head}${text}${tail}`)
        }
      }, 70_000)
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const order = inGroup(text)
        if (order?.kind === 'addressed') expect(AGENTS).toContain(order.agent)
      }),
    )
  })
})

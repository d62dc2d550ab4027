import { describe, expect, it } from 'vitest'
import { CHAT_COMMANDS } from '../../../../src/conversations/commands/registry.ts'
import { ALICE, BOB } from '../desk.ts'
import { CommandDesk, IN_GROUP } from './command-desk.ts'

describe('/help', () => {
  it('says what everybody can write, and to owners what they can', async () => {
    const desk = new CommandDesk({ commands: { enabled: true, owners: [BOB] } })
    const everybodys = await desk.say('/help')
    const owners = await desk.say('/help', BOB)
    for (const { name, forOwners = false } of CHAT_COMMANDS) {
      expect(owners).toContain(`/${name}`)
      expect(everybodys.includes(`/${name}`)).toBe(!forOwners)
    }
    expect(everybodys.split('\n')).toContain('/agent …, @…: chooses an agent')
  })

  it('is answered while an answer is under way', async () => {
    const desk = new CommandDesk()
    await desk.ask('one')
    expect(await desk.say('/help')).toContain('Commands:')
    expect(await desk.answers()).toBe('answer to one')
  })
})

describe('/status', () => {
  it('says how things are in this chat, and nothing of others', async () => {
    const desk = new CommandDesk({
      name: 'Home',
      agents: {
        ada: { connector: 'openai-chat', settings: { model: 'llama3.2', apiKey: { literal: 'sk-1' } } },
      },
      defaultAgent: 'ada',
    })
    const lines = ['Account: Home', 'Agent: ada', 'Model: llama3.2', 'The assistant answers in this chat.']
    await desk.ask('one', BOB)
    expect(await desk.say('/status')).toBe(lines.join('\n'))
    await desk.ask('one')
    desk.receive(ALICE, 'two')
    expect(await desk.say('/status')).toBe(
      [...lines, 'An answer is under way.', 'Waiting messages: 1'].join('\n'),
    )
  })
})

describe('a word that is no command', () => {
  it('is asked about where it is near one of ours, and reaches the agent by its address', async () => {
    const desk = new CommandDesk()
    expect(await desk.say('/hlep')).toBe('Did you mean "/help"?')
    expect(await desk.say('@15550009999 /stpo', ALICE, IN_GROUP)).toBe('Did you mean "/stop"?')
    await desk.ask('/think hard')
    await desk.answers()
    await desk.ask('@echo /hlep')
    expect(desk.held.turns.map(({ texts }) => texts)).toEqual([['/think hard'], ['/hlep']])
  })
})

describe('commands that are switched off', () => {
  it('are texts for the agent, from the edit on', async () => {
    const desk = new CommandDesk()
    expect(await desk.say('/help')).toContain('Commands:')
    desk.config = { ...desk.config, commands: { enabled: false, owners: [ALICE] } }
    for (const text of ['/help', '/pause', '/hlep', '@echo']) {
      await desk.ask(text)
      await desk.answers()
    }
    expect(desk.held.turns.map(({ texts }) => texts)).toEqual([['/help'], ['/pause'], ['/hlep'], ['@echo']])
  })
})

describe('a group that needs a mention', () => {
  it('needs one for a command, too', async () => {
    const desk = new CommandDesk()
    desk.receive(ALICE, '/help', { ...IN_GROUP, mentionsUs: false })
    await desk.settle()
    expect(desk.transport.sent).toEqual([])
    expect(await desk.say('/help @15550009999', ALICE, IN_GROUP)).toContain('Commands:')
  })
})

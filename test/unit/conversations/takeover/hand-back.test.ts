import { describe, expect, it } from 'vitest'
import { CommandDesk } from '../commands/command-desk.ts'
import { ALICE, direct, OWN } from '../desk.ts'

const REFUSED = expect.objectContaining({ code: 'forbidden' })

// A program with the scopes `agent` and `send` ended the hold of a person, and answered there at once.
describe('an assistant', () => {
  const deskOfAlice = (): CommandDesk => {
    const desk = new CommandDesk()
    desk.receive(ALICE, 'hello')
    return desk
  }

  it('hands back what it left to a person itself', () => {
    const { takeover } = deskOfAlice().conversations
    takeover.takeOver(ALICE, 'agent', null)
    expect(takeover.resume(ALICE, 'assistant').assistant.state).toBe('on')
    takeover.takeOver(ALICE, 'agent', null)
    expect(takeover.setAssistant(ALICE, true, 'assistant').assistant.state).toBe('on')
  })

  it('ends no hold of a person, also not by taking the chat over before', () => {
    const { takeover } = deskOfAlice().conversations
    const { assistant } = takeover.takeOver(ALICE, 'dashboard', 10)
    expect(takeover.takeOver(ALICE, 'agent', 1).assistant).toEqual(assistant)
    expect(() => takeover.resume(ALICE, 'assistant')).toThrow(REFUSED)
    expect(() => takeover.setAssistant(ALICE, true, 'assistant')).toThrow(REFUSED)
    expect(takeover.resume(ALICE, 'owner').assistant.state).toBe('on')
  })

  it('does not switch itself on', () => {
    const { takeover } = deskOfAlice().conversations
    takeover.setAssistant(ALICE, false, 'owner')
    expect(() => takeover.setAssistant(ALICE, true, 'assistant')).toThrow(REFUSED)
    expect(takeover.setAssistant(ALICE, true, 'owner').assistant.state).toBe('on')
  })

  it('does not hand back what it left to a person who has answered since then', () => {
    const desk = deskOfAlice()
    const { takeover } = desk.conversations
    takeover.takeOver(ALICE, 'agent', null)
    desk.receive(OWN, 'I am here', { chat: direct('15550001111@s.whatsapp.net') })
    expect(() => takeover.resume(ALICE, 'assistant')).toThrow(REFUSED)
  })
})

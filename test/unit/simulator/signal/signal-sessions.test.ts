import { describe, expect, it } from 'vitest'
import { SignalIdentity } from '../../../../src/simulator/signal/signal-identity.ts'
import { type SessionPartner, SignalSessions } from '../../../../src/simulator/signal/signal-sessions.ts'

interface Side {
  sessions: SignalSessions
  partner: SessionPartner
}

function side(name: string): Side {
  const identity = new SignalIdentity(7)
  const partner = {
    key: name,
    identityKey: identity.identity.public,
    takeBundle: () => identity.takeBundle(),
  }
  return { sessions: new SignalSessions(name, identity), partner }
}

describe('SignalSessions', () => {
  const talk = async (from: Side, to: Side, text: string): Promise<string> => {
    const { type, body } = await from.sessions.encrypt(to.partner, Buffer.from(text))
    return (await to.sessions.decrypt(from.partner, type, body)).toString()
  }

  it('talks in turns far longer than the chains it keeps', async () => {
    const [alice, bob] = [side('alice'), side('bob')]
    for (let turn = 0; turn < 30; turn++) {
      expect(await talk(alice, bob, `from alice ${turn}`)).toBe(`from alice ${turn}`)
      expect(await talk(bob, alice, `from bob ${turn}`)).toBe(`from bob ${turn}`)
    }
  })

  it('reads what overtook another message, and each message once', async () => {
    const [alice, bob] = [side('alice'), side('bob')]
    await talk(alice, bob, 'hello')
    await talk(bob, alice, 'hello too')
    const first = await alice.sessions.encrypt(bob.partner, Buffer.from('first'))
    const second = await alice.sessions.encrypt(bob.partner, Buffer.from('second'))
    expect((await bob.sessions.decrypt(alice.partner, second.type, second.body)).toString()).toBe('second')
    expect((await bob.sessions.decrypt(alice.partner, first.type, first.body)).toString()).toBe('first')
    await expect(bob.sessions.decrypt(alice.partner, first.type, first.body)).rejects.toThrow(
      'Key used already',
    )
    expect(await talk(alice, bob, 'third')).toBe('third')
  })

  it('is unharmed by a message that does not verify', async () => {
    const [alice, bob] = [side('alice'), side('bob')]
    await talk(alice, bob, 'hello')
    await talk(bob, alice, 'hello too')
    const { type, body } = await alice.sessions.encrypt(bob.partner, Buffer.from('real'))
    const forged = Buffer.from(body)
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1
    await expect(bob.sessions.decrypt(alice.partner, type, forged)).rejects.toThrow('Bad MAC')
    expect((await bob.sessions.decrypt(alice.partner, type, body)).toString()).toBe('real')
  })

  it('goes on with both sessions when both sides began one at the same moment', async () => {
    const [alice, bob] = [side('alice'), side('bob')]
    const fromAlice = await alice.sessions.encrypt(bob.partner, Buffer.from('from alice'))
    const fromBob = await bob.sessions.encrypt(alice.partner, Buffer.from('from bob'))
    const readBy = async (reader: Side, writer: Side, { type, body }: typeof fromBob): Promise<string> =>
      (await reader.sessions.decrypt(writer.partner, type, body)).toString()
    expect(await readBy(alice, bob, fromBob)).toBe('from bob')
    expect(await readBy(bob, alice, fromAlice)).toBe('from alice')
    for (let turn = 0; turn < 3; turn++) {
      expect(await talk(alice, bob, `from alice ${turn}`)).toBe(`from alice ${turn}`)
      expect(await talk(bob, alice, `from bob ${turn}`)).toBe(`from bob ${turn}`)
    }
  })

  it('refuses a sender under another identity than the registered one', async () => {
    const [alice, bob, mallory] = [side('alice'), side('bob'), side('mallory')]
    const { type, body } = await mallory.sessions.encrypt(bob.partner, Buffer.from('I am Alice'))
    await expect(bob.sessions.decrypt(alice.partner, type, body)).rejects.toThrow()
  })

  it('uses a one-time key once', async () => {
    const [alice, mallory, bob] = [side('alice'), side('mallory'), side('bob')]
    const bundle = bob.partner.takeBundle()
    const sameBundle = { ...bob.partner, takeBundle: () => bundle }
    const first = await alice.sessions.encrypt(sameBundle, Buffer.from('first'))
    const second = await mallory.sessions.encrypt(sameBundle, Buffer.from('second'))
    await bob.sessions.decrypt(alice.partner, first.type, first.body)
    await expect(bob.sessions.decrypt(mallory.partner, second.type, second.body)).rejects.toThrow(
      'Invalid PreKey ID',
    )
  })

  it('renews a session and fails without a word on the console', async () => {
    const printed: unknown[] = []
    const methods = ['log', 'info', 'warn', 'error'] as const
    const originals = methods.map((method) => console[method])
    for (const method of methods) console[method] = (...parts: unknown[]) => void printed.push(parts)
    try {
      const [alice, bob] = [side('alice'), side('bob')]
      await talk(alice, bob, 'hello')
      await talk(bob, alice, 'hello too')
      await alice.sessions.renew(bob.partner)
      expect(await talk(alice, bob, 'anew')).toBe('anew')
      expect(await talk(bob, alice, 'and back')).toBe('and back')
      await expect(bob.sessions.decrypt(alice.partner, 'msg', Buffer.alloc(100, 0x33))).rejects.toThrow()
    } finally {
      for (const [index, method] of methods.entries()) console[method] = originals[index] ?? console.log
    }
    expect(printed).toEqual([])
  })
})

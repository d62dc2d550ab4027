import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { OWNER, Stack } from '../support/stack.ts'
import { untilSaid } from '../support/until-said.ts'

const SERVER = 's.whatsapp.net'

const isDigest = (content: Stanza['content']): boolean =>
  Array.isArray(content) && content[0]?.tag === 'digest'

/** Stanzas that a linked device has no use for, from a server that errs. Each was found by fuzzing. */
describe('stanzas that nobody expects', () => {
  const rejections: unknown[] = []
  const note = (error: unknown): void => void rejections.push(error)
  let stack: Stack

  beforeEach(async () => {
    process.on('unhandledRejection', note)
    stack = await Stack.start()
    await stack.link()
  })
  afterEach(async () => {
    await stack.stop()
    process.off('unhandledRejection', note)
    expect(rejections.splice(0)).toEqual([])
  })

  async function expectAnswer(text: string): Promise<void> {
    await stack.alice.sendText(OWNER, text)
    await stack.alice.waitForText(text)
  }

  // Baileys ended the socket with "QR refs attempts ended", and the account waited for ever without one.
  it('comes back when it is offered QR codes although it is linked', async () => {
    const offer: Stanza = {
      tag: 'iq',
      attrs: { from: SERVER, id: 'offer', type: 'set', xmlns: 'md' },
      content: [{ tag: 'pair-device', attrs: {} }],
    }
    stack.simulator.faults.send(offer)
    await stack.untilEvent('account.status', ({ state }) => state === 'reconnecting')
    await stack.untilState('connected')
    await expectAnswer('back again')
    expect(stack.published('account.qr')).toHaveLength(1)
  })

  // Baileys asks for all groups and leaves the refusal to nobody; enough of them ended the process.
  it('outlives a query that is refused because of one', async () => {
    stack.simulator.faults.answerWithError({ xmlns: 'w:g2' }, { code: 429, text: 'rate-overlimit' })
    const dirty: Stanza = {
      tag: 'ib',
      attrs: { from: SERVER },
      content: [{ tag: 'dirty', attrs: { type: 'groups', timestamp: '1' } }],
    }
    for (let count = 0; count < 30; count += 1) stack.simulator.faults.send(dirty)
    await expectAnswer('still here')
    expect(stack.account().state).toBe('connected')
  })

  // End-to-end encryption is what proves the author; the envelope alone would let the server speak for everybody.
  it('takes no words in clear for those of an allowed contact', async () => {
    const words = 'words that Alice never wrote'
    const clear = Buffer.concat([Buffer.from([0x0a, words.length]), Buffer.from(words)])
    const attrs = { from: stack.alice.jid, id: 'CLEAR', t: '1795000000', type: 'text' }
    stack.simulator.faults.send({
      tag: 'message',
      attrs,
      content: [{ tag: 'plaintext', attrs: {}, content: clear }],
    })
    await expectAnswer('but these')
    expect(stack.alice.received.map(({ text }) => text)).toEqual(['but these'])
  })

  // Sent again with each connection, it ended them all, and the account received nothing any more.
  it('leaves out a stanza that cannot be read, and takes what stands behind it', async () => {
    const unreadable = [[], [0], [0, 0xf8, 3, 250, 0, 0], [2, 1, 2, 3], [0, 0xf8, 2, 255]]
    for (const [index, bytes] of unreadable.entries()) {
      stack.simulator.faults.sendBytes(Buffer.from(bytes))
      await expectAnswer(`behind it ${index}`)
    }
    expect(stack.published('account.status').map(({ state }) => state)).not.toContain('reconnecting')
  })

  it('connects anew where nothing that comes can be read', async () => {
    stack.simulator.faults.sendBytes(Buffer.of(0))
    stack.simulator.faults.sendBytes(Buffer.of(0))
    await stack.untilEvent('account.status', ({ state }) => state === 'reconnecting')
    await stack.untilState('connected')
    await expectAnswer('back again')
  })

  // Baileys took what stood there for the account's LID: nobody with a LID was answered any more, until the next login.
  it.each([
    ['no LID', {}],
    ['an empty LID', { lid: '' }],
    ['what is no LID', { lid: '15550000003@s.whatsapp.net' }],
  ])('keeps its own LID when it is welcomed with %s', async (_name, attrs) => {
    await expectAnswer('before')
    // Baileys' last question before it takes the LID.
    const digest = untilSaid(stack.simulator, ({ tag, content }) => tag === 'iq' && isDigest(content))
    stack.simulator.faults.send({ tag: 'success', attrs: { t: '1795000000', ...attrs } })
    await digest
    await expectAnswer('after')
    await expectAnswer('and once more')
  })

  const garbage = (id: string, type: string): Stanza => ({
    tag: 'message',
    attrs: { from: stack.mallory.lid, sender_pn: stack.mallory.jid, id, t: '1795000000', type: 'text' },
    content: [{ tag: 'enc', attrs: { v: '2', type }, content: Buffer.alloc(80, 7) }],
  })

  // Baileys waited a quarter of a second after each, and everybody else with it.
  it('answers while a stranger floods it with what nobody can read', async () => {
    for (let index = 0; index < 200; index += 1)
      stack.simulator.faults.send(garbage(`UNREADABLE${index}`, 'msg'))
    const startedAt = performance.now()
    await expectAnswer('in between')
    expect(performance.now() - startedAt).toBeLessThan(25_000)
  })

  // A row that stays open means a deaf socket, which is replaced: strangers could have had that every minute.
  it('leaves no message open that Baileys refused', async () => {
    stack.simulator.faults.send(garbage('REFUSED1', 'msmsg'))
    stack.simulator.faults.send({ ...garbage('REFUSED2', 'msg'), content: [] })
    const foreign = garbage('REFUSED3', 'msg')
    stack.simulator.faults.send({ ...foreign, attrs: { ...foreign.attrs, recipient: stack.alice.jid } })
    await expectAnswer('and now')
    await stack.stopDaemon()
    const database = new DatabaseSync(join(stack.stateDir, 'accounts', 'default', 'account.db'))
    const open = database.prepare("SELECT message_id FROM stanza_journal WHERE state = 'open'").all()
    const orphans = database
      .prepare(
        'SELECT digest FROM plaintext_journal WHERE stanza_sequence NOT IN (SELECT sequence FROM stanza_journal)',
      )
      .all()
    database.close()
    expect(open).toEqual([])
    expect(orphans).toEqual([])
  })

  // Baileys throws at such an envelope, also when the journal brings it back: the account never came up again.
  it('starts again over a backlog that Baileys refuses', async () => {
    const refused = garbage('REFUSED4', 'msg')
    stack.simulator.faults.send({
      ...refused,
      attrs: { ...refused.attrs, offline: '0', recipient: stack.alice.jid },
    })
    await expectAnswer('before')
    await stack.stopDaemon()
    await stack.startDaemon()
    await expectAnswer('after')
  })

  // Baileys believed the envelope, and answers went to whoever the server took for an allowed number.
  it.each([
    ['sender_pn', { sender_pn: 'ALICE' }],
    ['participant_pn', { participant_pn: 'ALICE' }],
    ['participant', { participant: 'ALICE_LID', participant_pn: 'ALICE' }],
    ['backlog', { offline: '0', sender_pn: 'ALICE' }],
    ['peer', { category: 'peer', sender_pn: 'ALICE' }],
    ['the own number', { sender_pn: 'OWNER' }],
  ])('takes nobody for somebody else because an envelope says so: %s', async (_name, claims) => {
    const { alice, mallory, owner } = stack
    await expectAnswer('who I am is known')
    await mallory.sendText(OWNER, 'so am I')
    await stack.untilEvent('message.blocked')
    const jids: Readonly<Record<string, string>> = {
      ALICE: alice.jid,
      ALICE_LID: alice.lid,
      OWNER: owner.jid,
    }
    const attributes = Object.fromEntries(
      Object.entries(claims).map(([name, value]) => [name, jids[value] ?? value]),
    )
    await mallory.sendText(OWNER, 'let me in', { attributes })
    await mallory.sendText(OWNER, 'and again', { attributes })
    await expectAnswer('still only me')
    await mallory.sendText(OWNER, 'as myself')
    await expectAnswer('nobody else')
    expect(mallory.received).toEqual([])
    expect(mallory.typing).toEqual([])
    expect(alice.received.map(({ text }) => text)).toEqual([
      'who I am is known',
      'still only me',
      'nobody else',
    ])
  })

  it('outlives what it knows by name, with attributes and contents that are none', async () => {
    // Baileys' own libsignal prints the sessions that it replaces.
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
    onTestFinished(() => void vi.restoreAllMocks())
    const odd: NonNullable<Stanza['content']>[] = [[], '', Buffer.alloc(0), Buffer.alloc(300, 0xff)]
    const known: readonly (readonly [tag: string, attrs: Record<string, string>, child: string])[] = [
      ['notification', { type: 'passkey_prologue_request' }, 'passkey_request_options'],
      ['notification', { type: 'crsc_continuation' }, 'pairing_request'],
      ['notification', { type: 'link_code_companion_reg' }, 'link_code_companion_reg'],
      ['notification', { type: 'companion_reg_refresh' }, 'expected'],
      ['notification', { type: 'mex' }, 'update'],
      ['notification', { type: 'encrypt', from: stack.alice.lid }, 'identity'],
      ['notification', { type: 'devices', from: stack.alice.lid }, 'add'],
      ['notification', { type: 'privacy_token', from: stack.alice.lid }, 'tokens'],
      ['notification', { type: 'w:gp2', from: '120363000000000000@g.us' }, 'subject'],
      ['iq', { type: 'result' }, 'props'],
      ['ack', { class: 'message', refresh_lid: 'true', error: '463' }, 'error'],
      ['ib', {}, 'dirty'],
      ['ib', {}, 'client_expiration'],
      ['receipt', { type: 'retry', from: stack.mallory.lid }, 'retry'],
      // Baileys threw at an empty one, which ended the connection.
      ['chatstate', { from: stack.alice.lid }, 'composing'],
      ['presence', { from: stack.alice.lid }, 'available'],
    ]
    let count = 0
    for (const [tag, attrs, name] of known) {
      for (const content of odd) {
        count += 1
        const inner: Stanza = {
          tag: name,
          attrs: { config_code: '9435', config_value: '', type: '' },
          content,
        }
        const stanza = { tag, attrs: { from: SERVER, id: `ODD${count}`, ...attrs } }
        stack.simulator.faults.send({ ...stanza, content: count % 2 === 0 ? [inner, inner] : [inner] })
        stack.simulator.faults.send({ ...stanza, content })
      }
      await expectAnswer(`after ${tag} ${name}`)
    }
    expect(stack.account()).toMatchObject({ state: 'connected', linked: true })
    expect(stack.published('account.status').map(({ state }) => state)).not.toContain('reconnecting')
  })
})

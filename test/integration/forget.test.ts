/**
 * Somebody asks the owner to erase what they wrote. After `whatsappd forget` the state directory is searched raw, while the daemon runs:
 * no byte of it may be there, and the person gets answers as before.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'
import { KilledDaemon } from '../support/killed-daemon.ts'
import { rawWords } from '../support/raw-search.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

const WORDS = [
  'pelikanword',
  'Übergangsjacke',
  'captionword',
  'filenameword',
  'contentword',
  'groupword',
  'pollword',
  'mapword',
  'ภาษาไทยคำ',
]

/** Everything that a person can leave behind. */
async function writeEverything(stack: Stack): Promise<void> {
  const { alice, mallory, owner, simulator } = stack
  const group = simulator.createGroup({ subject: 'Family', members: [alice, mallory, owner] })
  const first = await alice.sendText(OWNER, 'pelikanword')
  await alice.waitForText('pelikanword')
  await alice.edit(first, 'Übergangsjacke')
  await alice.sendText(OWNER, 'ภาษาไทยคำ')
  await alice.waitForText('ภาษาไทยคำ')
  await alice.sendMedia(OWNER, {
    kind: 'document',
    data: Buffer.from('%PDF-1.7\ncontentword'),
    name: 'filenameword.pdf',
    caption: 'captionword',
  })
  await alice.waitForText(/captionword/)
  await alice.sendCard(OWNER, { kind: 'poll', question: 'pollword', options: ['One', 'Two'] })
  await alice.sendCard(OWNER, { kind: 'location', latitude: 1, longitude: 2, name: 'mapword' })
  const said = await alice.sendGroupText(group, 'groupword', { mention: OWNER })
  await alice.waitForText(/groupword/)
  await mallory.sendGroupText(group, 'bobsword', { mention: OWNER, quote: said })
  await mallory.waitForText(/bobsword/)
  await alice.waitForText(/mapword/)
}

describe('whatsappd forget', () => {
  let stack: Stack | null = null
  let killed: KilledDaemon | null = null
  afterEach(async () => {
    await stack?.stop()
    await killed?.stop()
    stack = killed = null
  })

  it('leaves no byte of what somebody wrote, while the daemon runs, and they are answered again', async () => {
    stack = await Stack.start({ allowFrom: [ALICE, MALLORY], channel: { groupPolicy: 'open' } })
    const { stateDir } = stack
    await stack.link()
    await writeEverything(stack)
    const client = await stack.client()
    const found = async (text: string): Promise<number> =>
      (await client.request('conversations.search', { text })).hits.length
    // What is new enters the index of the search a little later.
    await expect.poll(() => found('mapword')).toBeGreaterThan(0)
    writeFileSync(join(stateDir, 'accounts/default/account.db.v28.bak'), 'pelikanword of an older copy')
    // The first wording is overwritten by its edit, the others are there.
    for (const word of WORDS.slice(1)) expect([word, rawWords(stateDir, [word])]).not.toEqual([word, []])

    const environment = { WHATSAPPD_STATE_DIR: stateDir }
    const asked = await CommandLine.run(['forget', ALICE], environment)
    expect([asked.code, asked.stderr]).toEqual([
      1,
      expect.stringMatching(/messages.*account\.db\.v28\.bak.*--yes/s),
    ])
    const { code, stdout } = await CommandLine.run(['forget', ALICE, '--yes'], environment)
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^default: forgotten\nNot reached: .*whatsappd backup/),
    ])

    expect(rawWords(stateDir, WORDS)).toEqual([])
    expect(rawWords(stateDir, ['bobsword'])).not.toEqual([])
    expect([await found('groupword'), await found('bobsword')]).toEqual([0, 2])
    client.close()
    const again = await CommandLine.run(['forget', ALICE, '--yes'], environment)
    expect([again.code, again.stderr]).toEqual([1, `whatsappd: nothing is stored of ${ALICE}\n`])
    await stack.alice.sendText(OWNER, 'a new beginning')
    await stack.alice.waitForText('a new beginning')
  })

  it('forgets an echo of the words in the event log, too', async () => {
    stack = await Stack.start({ allowFrom: [ALICE] })
    await stack.link()
    await stack.alice.sendText(OWNER, 'hello')
    await stack.alice.waitForText('hello')
    const client = await stack.client()
    await client.request('conversations.forget', { conversation: ALICE, confirm: true })
    client.close()
    // The allowlist, the directory of WhatsApp and its copies may name the number; the event log does not.
    const named = rawWords(stack.stateDir, [`"${ALICE}"`, 'Alice']).filter((place) =>
      place.includes('daemon.db'),
    )
    expect(named).toEqual([])
    expect(stack.published('conversation.forgotten')).toHaveLength(1)
  })

  it.each([0, 60, 200])(
    'is finished by the next start, or can be repeated, when the daemon is killed %i ms after it was asked',
    async (delayMs) => {
      killed = await KilledDaemon.start({ allowFrom: [ALICE] })
      const { alice, environment } = killed
      for (const word of ['pelikanword', 'zebraword']) {
        await alice.sendText(OWNER, word)
        await alice.waitForText(word)
      }
      const state = environment['WHATSAPPD_STATE_DIR'] ?? ''
      const command = new CommandLine(['forget', ALICE, '--yes'], environment)
      await new Promise((resolve) => setTimeout(resolve, 300 + delayMs))
      await killed.kill()
      await command.exit
      await killed.startAgain()
      await CommandLine.run(['forget', ALICE, '--yes'], environment)
      await expect.poll(() => rawWords(state, ['pelikanword', 'zebraword'])).toEqual([])
      await alice.sendText(OWNER, 'a new beginning')
      await alice.waitForText('a new beginning')
    },
  )
})

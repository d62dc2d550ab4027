/**
 * Writes the files of a daemon as the present code writes them: `npx tsx test/corpus/record.ts <name>` makes
 * `test/corpus/<name>/`. What is recorded once is never recorded again: later code must open it as it is.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DatabaseSync } from '@photostructure/sqlite'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import { AgentServer } from '../support/agent-server.ts'

import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'
import {
  CAROL,
  CHOSEN_MODEL,
  DORA,
  EVE,
  type CorpusFacts,
  FACTS_FILE,
  OWNER_IDENTITY,
} from './corpus-facts.ts'

/** The last number has two forms: WhatsApp is asked which of them is registered. */
const ALLOWED = [ALICE, DORA, '+551187654321']
const PAIRING_CODE = /[A-Z2-9]{4}-[A-Z2-9]{4}/
const STATE_FILES = /^(account|daemon)\.db(-wal)?$|^config\.last-valid\./

const [name] = process.argv.slice(2)
if (name === undefined) throw new Error('usage: npx tsx test/corpus/record.ts <name>')
const target = join(dirname(fileURLToPath(import.meta.url)), name)
if (existsSync(target)) throw new Error(`${target} is there already; what was recorded stays`)

const server = await AgentServer.start()
const { ada, bob } = server.agents('ada', 'bob')
const stack = await Stack.start({
  formerPhones: { [OWNER]: { identity: OWNER_IDENTITY } },
  allowFrom: ALLOWED,
  channel: {
    agents: { ada: { ...Object(ada), models: [CHOSEN_MODEL] }, bob },
    ackReaction: { emoji: 'eyes', removeAfterReply: true },
    groups: { '*': {} },
  },
})
const dora = stack.simulator.createPhone({ phoneNumber: DORA, name: 'Dora' })
// Nobody learns her number: what she writes is held.
stack.simulator.createPhone({ phoneNumber: CAROL, name: 'Carol', addressing: 'lid-only' })
// Asks for access.
const eve = stack.simulator.createPhone({ phoneNumber: EVE, name: 'Eve' })
const answered = (text: string) => stack.alice.waitForText(text)

await leaveQuarantineBehind()
const family = await exchangeMessages()
await leaveBlockedAndHeldBehind()
const failedId = await leaveFailureBehind()
await leaveChoicesAndPausesBehind()
const code = await leaveRequestBehind()
// What came so far stands in the databases, what follows in their logs.
await stack.stopDaemon()
await stack.startDaemon()
await stack.untilState('connected')
const facts = await leaveReplyUnderWay()
copyState()
await stack.stop()
await server.stop()
console.log(`recorded ${target}`)
process.exit(0)

/** A former link that the phone ended: its credentials stay in quarantine. */
async function leaveQuarantineBehind(): Promise<void> {
  await stack.link()
  await stack.owner.removeCompanion()
  await stack.untilState('logged_out')
  await stack.link()
}

async function exchangeMessages(): Promise<SimulatedGroup> {
  await stack.alice.sendText(OWNER, 'hello')
  const answer = await answered('ada: hello')
  const { id } = answer
  await stack.untilEvent('message.delivered', ({ messageId }) => messageId === id)
  await stack.alice.markRead(answer)
  await stack.untilEvent('message.read', ({ messageId }) => messageId === id)
  const question = await stack.alice.sendText(OWNER, 'a word too much')
  await answered('ada: a word too much')
  await stack.alice.edit(question, 'a better word')
  await stack.untilEvent('message.edited')
  await stack.alice.react(answer, '👍')
  const family = stack.simulator.createGroup({
    subject: 'Family',
    members: [stack.alice, stack.owner, stack.mallory],
  })
  await stack.alice.sendGroupText(family, 'among ourselves')
  await stack.alice.sendGroupText(family, 'and you?', { mention: OWNER })
  await stack.alice.waitForText(({ chat, from }) => chat === family.jid && from === OWNER)
  await stack.alice.sendText(OWNER, '/agent bob')
  await stack.alice.waitForText(({ text }) => text.startsWith('bob answers you here'))
  // The daemon says that it cannot read it.
  await stack.alice.sendMessage(OWNER, { requestPaymentMessage: { currencyCodeIso4217: 'EUR' } })
  await stack.alice.waitForText(({ text }) => text.includes('cannot read'))
  return family
}

async function leaveBlockedAndHeldBehind(): Promise<void> {
  await stack.mallory.sendText(OWNER, 'let me in')
  await stack.untilEvent('message.blocked', ({ phoneNumber }) => phoneNumber === MALLORY)
  await stack.phone(CAROL).sendText(OWNER, 'who am I?')
  await stack.untilEvent('message.blocked', ({ reason }) => reason === 'lid_unresolved')
}

async function leaveFailureBehind(): Promise<string> {
  const refusal = stack.simulator.faults.refuseMessages(463)
  await stack.alice.sendText(OWNER, 'refused')
  const { messageId } = await stack.untilEvent('message.failed')
  refusal.clear()
  return messageId
}

/** Dora chose a model, the owner silenced the group, and the whole account was paused for a moment. */
async function leaveChoicesAndPausesBehind(): Promise<void> {
  await dora.sendText(OWNER, `/model ${CHOSEN_MODEL}`)
  await dora.waitForText(({ text }) => text.includes(CHOSEN_MODEL))
  await stack.owner.sendGroupText(family, '/pause')
  await stack.alice.waitForText(({ chat, text }) => chat === family.jid && text.includes('/resume'))
  stack.writeConfig(ALLOWED, { enabled: false })
  await stack.untilState('disabled')
  stack.writeConfig(ALLOWED)
  await stack.untilState('connected')
}

/** Eve asks for access, and nobody has decided. Answers with the code that she was told. */
async function leaveRequestBehind(): Promise<string> {
  stack.events.length = 0
  stack.writeConfig(ALLOWED, { dmPolicy: 'pairing' })
  await stack.untilEvent('config.applied')
  await eve.sendText(OWNER, 'may I?')
  const { text } = await eve.waitForText(({ text }) => PAIRING_CODE.test(text))
  return PAIRING_CODE.exec(text)?.[0] ?? ''
}

/** Alice's reply is on its way, never acknowledged; Dora's question is with its agent, and one more of hers waits. */
async function leaveReplyUnderWay(): Promise<CorpusFacts> {
  stack.events.length = 0
  stack.simulator.faults.loseAcks('swallow')
  const lost = await stack.alice.sendText(OWNER, 'on its way')
  const queued = await stack.untilEvent('message.queued', ({ messageId }) =>
    queuedReplies().includes(messageId),
  )
  server.hold()
  const asked = await dora.sendText(OWNER, 'being answered')
  await until(() => server.asked.some(({ messages }) => messages.at(-1)?.content === asked.text))
  const waiting = await dora.sendText(OWNER, 'still waiting')
  await stack.until('the last message', () =>
    stack.published('message.received').some(({ messageId }) => messageId === waiting.id),
  )
  return {
    recordedAt: new Date().toISOString(),
    owner: { phoneNumber: OWNER, lid: stack.owner.lid },
    alice: { phoneNumber: ALICE, lid: stack.alice.lid },
    dora: { phoneNumber: DORA, lid: dora.lid },
    allowFrom: ALLOWED,
    group: family.jid,
    failedId,
    queuedId: queued.messageId,
    unanswered: { alice: [lost.text], dora: [asked.text, waiting.text] },
    request: { phoneNumber: EVE, code },
    model: CHOSEN_MODEL,
    unreadable: '[cannot be read here: requestPayment]',
    configPath: stack.configPath,
  }
}

/** Message ids of the replies that are queued or in flight, oldest first. */
function queuedReplies(): string[] {
  const database = new DatabaseSync(join(stack.stateDir, 'accounts', 'default', 'account.db'), {
    readOnly: true,
  })
  try {
    const rows = database
      .prepare(`SELECT message_id FROM outbox WHERE state = 'queued' ORDER BY sequence`)
      .all()
    // The column asked for.
    return (rows as { message_id: string }[]).map((row) => row.message_id)
  } finally {
    database.close()
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** As a process that is killed now leaves them: the databases with their logs. */
function copyState(): void {
  const accountDirectory = join('accounts', 'default')
  mkdirSync(join(target, 'state', accountDirectory), { recursive: true })
  for (const directory of ['', accountDirectory]) {
    for (const file of readdirSync(join(stack.stateDir, directory))) {
      if (STATE_FILES.test(file))
        cpSync(join(stack.stateDir, directory, file), join(target, 'state', directory, file))
    }
  }
  cpSync(stack.configPath, join(target, 'sandbox.config.json5'))
  writeFileSync(join(target, FACTS_FILE), `${JSON.stringify(facts, null, 2)}\n`)
}

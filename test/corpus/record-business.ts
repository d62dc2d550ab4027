/**
 * As `record.ts`, of a daemon with a Business account: `npx tsx test/corpus/record-business.ts <name>` makes `test/corpus/business/<name>/`.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DatabaseSync } from '@photostructure/sqlite'
import { AgentServer } from '../support/agent-server.ts'
import { BusinessDaemon } from '../support/business-daemon.ts'
import { CommandLine } from '../support/command-line.ts'
import { pngFile } from '../support/media-files.ts'
import { ALICE, MALLORY } from '../support/stack.ts'
import { BOB, BUSINESS_FOLDER, type BusinessFacts, CAROL, DORA, ERIK } from './business-facts.ts'
import { FACTS_FILE } from './corpus-facts.ts'

const HOUR_MS = 3_600_000
const STATE_FILES = /^(account|daemon)\.db(-wal)?$|^config\.last-valid\.|^business\.json$/

const [name] = process.argv.slice(2)
if (name === undefined) throw new Error('usage: npx tsx test/corpus/record-business.ts <name>')
const target = join(dirname(fileURLToPath(import.meta.url)), BUSINESS_FOLDER, name)
if (existsSync(target)) throw new Error(`${target} is there already; what was recorded stays`)

/** Erik writes so long ago. */
let behindMs = 25 * HOUR_MS
const server = await AgentServer.start()
const daemon = await BusinessDaemon.start({
  // What the account is connected with is not in the config.
  cloudApi: {
    phoneNumberId: undefined,
    businessAccountId: undefined,
    accessToken: undefined,
    appSecret: undefined,
    verifyToken: undefined,
  },
  channel: { transport: undefined, agents: server.agents('ada') },
  platform: { now: () => Date.now() - behindMs },
  subscribes: false,
})
const { platform, number, alice } = daemon
const nora = platform.addPerson({ name: 'Nora', username: 'nora.n' })
const noraId = nora.userIdFor(number.account.portfolio)
const [bob, carol, dora, erik] = Object.entries({ Bob: BOB, Carol: CAROL, Dora: DORA, Erik: ERIK }).map(
  ([who, phoneNumber]) => platform.addPerson({ name: who, phoneNumber }),
)
if (bob === undefined || carol === undefined || dora === undefined || erik === undefined)
  throw new Error('nobody is missing')
const allowed = [ALICE, BOB, CAROL, DORA, ERIK, `bsuid:${noraId}`]

await connect()
await writeLongAgo()
const posted = await exchangeMessages()
const failedId = await leaveFailureBehind()
await leaveChangesBehind()
await writeToPeople()
// What came so far stands in the databases, what follows in their logs.
await daemon.stopDaemon()
await daemon.startDaemon()
await daemon.untilState('connected')
await daemon.accounts.connectBusiness('default', { callbackUrl: daemon.callbackUrl })
await daemon.until('the address', () => isSubscribedHere())
const facts = await leaveReplyUnderWay()
copyState()
await daemon.stop()
await server.stop()
console.log(`recorded ${target}`)
process.exit(0)

function isSubscribedHere(): boolean {
  return number.account.subscribedApps.get(number.app)?.url === daemon.callbackUrl
}

async function connect(): Promise<void> {
  daemon.writeConfig(allowed)
  await daemon.untilEvent('config.applied')
  const { phoneNumberId, businessAccountId, accessToken, appSecret } = number
  const { callbackUrl } = daemon
  const ids = { phoneNumberId, businessAccountId, accessToken, appSecret }
  await daemon.accounts.connectBusiness('default', { ...ids, callbackUrl })
  await daemon.untilState('connected')
  await daemon.until('the address', () => isSubscribedHere())
}

async function writeLongAgo(): Promise<void> {
  erik?.write(number, 'are you there?')
  await daemon.untilEvent('message.received')
  behindMs = 0
}

async function exchangeMessages(): Promise<BusinessFacts['posted']> {
  const { id, at } = alice.write(number, 'hello')
  await daemon.untilSeen(alice, 'ada: hello')
  await daemon.untilEvent('message.delivered')
  alice.read(number)
  await daemon.untilEvent('message.read')
  nora.write(number, 'hello, it is me')
  await daemon.untilSeen(nora, 'ada: hello, it is me')
  bob?.write(number, 'I saw your advertisement', {
    referral: { source_type: 'ad', source_id: '1', source_url: 'https://fb.me/1' },
  })
  if (bob !== undefined) await daemon.untilSeen(bob, /I saw your advertisement/)
  await daemon.until('the free hours', () => windowOf(BOB)?.freeUntil)
  platform.people.find(({ phoneNumber }) => phoneNumber === MALLORY)?.write(number, 'let me in')
  await daemon.untilEvent('message.blocked')
  return { id, timestamp: String(Math.floor(at / 1_000)), text: 'hello' }
}

async function leaveFailureBehind(): Promise<string> {
  platform.faults.strike('send', { kind: 'error', code: 131_026 }, { times: 1 })
  alice.write(number, 'refused')
  const { messageId } = await daemon.untilEvent('message.failed')
  return messageId
}

/** Dora has another number, and Meta's own assistant has the chat with Carol. */
async function leaveChangesBehind(): Promise<void> {
  dora?.write(number, 'hello from Dora')
  carol?.write(number, 'hello from Carol')
  if (dora === undefined || carol === undefined) return
  await daemon.untilSeen(dora, 'ada: hello from Dora')
  await daemon.untilSeen(carol, 'ada: hello from Carol')
  await platform.settled()
  dora.changeNumber('+15550000024')
  await until(() => rows('SELECT * FROM business_changed_numbers').length === 1)
  platform.handOver(number, carol, 'agent')
  await until(() => rows('SELECT * FROM business_windows WHERE handed_to_app = 1').length === 1)
  // Everybody else's messages come as before.
  number.state.isHeldByAgent = false
}

/** A file to Bob by hand, and a template to Erik. */
async function writeToPeople(): Promise<void> {
  const file = join(daemon.directory, 'picture.png')
  writeFileSync(file, pngFile(8, 8))
  const env = { WHATSAPPD_STATE_DIR: daemon.stateDir }
  const sent = await CommandLine.run(['send', BOB, '--file', file, '--wait', 'delivered'], env)
  if (sent.code !== 0) throw new Error(sent.stderr)
  platform.addTemplate(number, {
    name: 'still_there',
    components: [{ type: 'BODY', text: 'Hello {{1}}, are you still there?' }],
  })
  const template = await CommandLine.run(
    ['send', ERIK, '--template', 'still_there', '--variable', '1=Erik', '--wait', 'delivered'],
    env,
  )
  if (template.code !== 0) throw new Error(template.stderr)
  await platform.settled()
}

/** Nobody knows whether Alice's reply left; one question of Nora's is with its agent, and one more waits. */
async function leaveReplyUnderWay(): Promise<BusinessFacts> {
  platform.faults.strike('send', { kind: 'reset' }, { times: 1 })
  alice.write(number, 'on its way')
  const client = await daemon.client()
  let unsettled: BusinessFacts['unsettled'] | undefined
  while (unsettled === undefined) {
    const { messages } = await client.request('outbox.list', {})
    unsettled = messages.find(({ waitsFor }) => waitsFor === 'status')
  }
  client.close()
  const { messageId, text } = unsettled
  server.hold()
  nora.write(number, 'being answered')
  await until(() => server.asked.some(({ messages }) => messages.at(-1)?.content === 'being answered'))
  const received = daemon.published('message.received').length
  nora.write(number, 'still waiting')
  await daemon.until('the last message', () => daemon.published('message.received').length > received)
  const month = new Date().toISOString().slice(0, 7)
  const charges = daemon.accounts.usage('default').charges(month)
  const { phoneNumber, phoneNumberId, businessAccountId, accessToken, appSecret, verifyToken } = number
  return {
    recordedAt: new Date().toISOString(),
    number: { phoneNumber, phoneNumberId, businessAccountId, accessToken, appSecret, verifyToken },
    alice: {
      phoneNumber: ALICE,
      userId: alice.userIdFor(number.account.portfolio),
      windowUntil: windowOf(ALICE)?.until ?? null,
    },
    nora: { userId: noraId },
    freeUntil: windowOf(BOB)?.freeUntil ?? null,
    posted,
    unsettled: { messageId, text },
    failedId,
    unanswered: ['being answered', 'still waiting'],
    charges: { month, categories: [...(charges?.categories ?? [])] },
    configPath: daemon.configPath,
  }
}

function windowOf(conversation: string) {
  return daemon.accounts.conversations('default').get(conversation).window
}

function rows(sql: string): unknown[] {
  const path = join(daemon.stateDir, 'accounts', 'default', 'account.db')
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return database.prepare(sql).all()
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
    for (const file of readdirSync(join(daemon.stateDir, directory))) {
      if (STATE_FILES.test(file))
        cpSync(join(daemon.stateDir, directory, file), join(target, 'state', directory, file))
    }
  }
  cpSync(daemon.configPath, join(target, 'sandbox.config.json5'))
  writeFileSync(join(target, FACTS_FILE), `${JSON.stringify(facts, null, 2)}\n`)
}

import type { AccountCounts } from './account-counts.ts'
import type { Distribution } from './distribution.ts'
import type { Metric, Sample } from './metric.ts'
import type { AccountFigures, Backlog, MetricFacts } from './metric-facts.ts'
import type { Tally } from './tally.ts'

type Account = MetricFacts['accounts'][number]

/** One sample an account; none where there is no value. */
const each =
  (value: (account: Account, now: number) => number | null) =>
  ({ accounts, now }: MetricFacts): Sample<number>[] =>
    accounts.flatMap((account) => {
      const found = value(account, now)
      return found === null ? [] : [{ labels: { account: account.account }, value: found }]
    })

/** One sample for each label that was counted; where there are two, a space is between them. */
const tallied =
  (labels: readonly string[], of: (counts: AccountCounts) => Tally) =>
  ({ accounts }: MetricFacts): Sample<number>[] =>
    accounts.flatMap(({ account, counts }) =>
      of(counts)
        .entries()
        .map(([key, value]) => {
          const parts = labels.length === 1 ? [key] : key.split(' ')
          const named = labels.map((label, index) => [label, parts[index] ?? key])
          return { labels: { account, ...Object.fromEntries(named) }, value }
        }),
    )

const distributed =
  (of: (counts: AccountCounts) => Distribution) =>
  ({ accounts }: MetricFacts): Sample<Distribution>[] =>
    accounts.map(({ account, counts }) => ({ labels: { account }, value: of(counts) }))

const waiting =
  (label: string, values: Readonly<Record<string, (backlog: Backlog) => number>>) =>
  ({ accounts }: MetricFacts): Sample<number>[] =>
    accounts.flatMap(({ account, backlog }) =>
      backlog === null
        ? []
        : Object.entries(values).map(([name, value]) => ({
            labels: { account, [label]: name },
            value: value(backlog),
          })),
    )

function turnsByState({ accounts, agents }: MetricFacts): Sample<number>[] {
  return accounts.flatMap(({ account, backlog }) => {
    const own = agents.filter((agent) => agent.account === account)
    const running = own.reduce((sum, { counts }) => sum + counts.running, 0)
    const waits = Math.max(0, (backlog?.openTurns ?? 0) - running)
    return [
      { labels: { account, state: 'running' }, value: running },
      { labels: { account, state: 'waiting' }, value: waits },
    ]
  })
}

const seconds = (now: number, since: number | null): number | null =>
  since === null ? null : Math.max(0, now - since) / 1_000
const flag = (value: boolean | null): number | null => (value === null ? null : Number(value))
const oldestAge = ({ backlog }: AccountFigures, now: number): number | null =>
  backlog && (seconds(now, backlog.oldestQueuedAt) ?? 0)

const ACCOUNT = ['account'] as const

/** How each account's link is. */
export const LINK_METRICS: readonly Metric[] = [
  {
    name: 'whatsappd_account_state',
    type: 'gauge',
    help: 'The state of the account: 1, with the code of its reason, which is empty where there is none',
    labels: ['account', 'transport', 'state', 'reason'],
    read: ({ accounts }) =>
      accounts.map(({ account, transport, state, reason }) => ({
        labels: { account, transport, state, reason: reason ?? '' },
        value: 1,
      })),
  },
  {
    name: 'whatsappd_link_openings_total',
    type: 'counter',
    help: 'How often the connection to WhatsApp opened and was proven alive; all after the first are reconnects',
    labels: ACCOUNT,
    read: each(({ counts }) => counts.openings),
  },
  {
    name: 'whatsappd_link_losses_total',
    type: 'counter',
    help: 'How often an open connection ended, by the code of the reason',
    labels: ['account', 'reason'],
    read: tallied(['reason'], ({ losses }) => losses),
  },
  {
    name: 'whatsappd_link_offers_total',
    type: 'counter',
    help: 'QR codes and pairing codes that were shown',
    labels: ['account', 'method'],
    read: tallied(['method'], ({ offers }) => offers),
  },
  {
    name: 'whatsappd_link_last_stanza_age_seconds',
    type: 'gauge',
    help: 'How long ago WhatsApp sent the last frame of any kind; for a Business number, the last webhook. Only while the connection is open',
    labels: ACCOUNT,
    read: each(({ lastFrameAt }, now) => seconds(now, lastFrameAt)),
  },
  {
    name: 'whatsappd_link_can_send',
    type: 'gauge',
    help: '0 while WhatsApp does not answer what is sent. Only while the connection is open',
    labels: ACCOUNT,
    read: each(({ canSend }) => flag(canSend)),
  },
  {
    name: 'whatsappd_decrypt_failures_total',
    type: 'counter',
    help: 'Messages that could not be decrypted at first; their senders are asked for them again',
    labels: ACCOUNT,
    read: each(({ decryptFailures }) => decryptFailures),
  },
]

/** What comes in, and what goes out. */
export const MESSAGE_METRICS: readonly Metric[] = [
  {
    name: 'whatsappd_messages_received_total',
    type: 'counter',
    help: 'What arrived, by kind and by verdict: `inboxed`, `blocked`, `held` or `ignored`',
    labels: ['account', 'kind', 'verdict'],
    read: tallied(['kind', 'verdict'], ({ received }) => received),
  },
  {
    name: 'whatsappd_messages_blocked_total',
    type: 'counter',
    help: 'Messages of people who may not write, by the reason',
    labels: ['account', 'reason'],
    read: tallied(['reason'], ({ blocked }) => blocked),
  },
  {
    name: 'whatsappd_messages_skipped_total',
    type: 'counter',
    help: 'Messages of allowed people that are kept and left unanswered, by the reason',
    labels: ['account', 'reason'],
    read: tallied(['reason'], ({ skipped }) => skipped),
  },
  {
    name: 'whatsappd_messages_duplicate_total',
    type: 'counter',
    help: 'Messages that came once more and were dropped',
    labels: ACCOUNT,
    read: each(({ counts }) => counts.duplicates),
  },
  {
    name: 'whatsappd_messages_held',
    type: 'gauge',
    help: 'Messages that wait until WhatsApp says whose address it is',
    labels: ACCOUNT,
    read: each(({ backlog }) => backlog && backlog.held),
  },
  {
    name: 'whatsappd_messages_sent_total',
    type: 'counter',
    help: 'Attempts to send, by kind and outcome: `acknowledged`, `unconfirmed` or `refused`',
    labels: ['account', 'kind', 'outcome'],
    read: tallied(['kind', 'outcome'], ({ sent }) => sent),
  },
  {
    name: 'whatsappd_messages_failed_total',
    type: 'counter',
    help: 'Messages that will not arrive, by the code of the failure',
    labels: ['account', 'code'],
    read: tallied(['code'], ({ failed }) => failed),
  },
  {
    name: 'whatsappd_send_retries_total',
    type: 'counter',
    help: 'Attempts to send a message after its first one',
    labels: ACCOUNT,
    read: each(({ counts }) => counts.retries),
  },
  {
    name: 'whatsappd_messages_asked_again_total',
    type: 'counter',
    help: 'Messages of ours that a phone could not decrypt and asked for again',
    labels: ACCOUNT,
    read: each(({ counts }) => counts.askedAgain),
  },
  {
    name: 'whatsappd_send_ack_seconds',
    type: 'histogram',
    help: 'From handing a message to the connection to the acknowledgement of WhatsApp',
    labels: ACCOUNT,
    read: distributed(({ acknowledgements }) => acknowledgements),
  },
  {
    name: 'whatsappd_outbox_messages',
    type: 'gauge',
    help: 'Messages that are not out, by state: `queued`, or `failed` and waiting for a person',
    labels: ['account', 'state'],
    read: waiting('state', { queued: ({ queued }) => queued, failed: ({ failed }) => failed }),
  },
  {
    name: 'whatsappd_outbox_oldest_age_seconds',
    type: 'gauge',
    help: 'How long the oldest queued message has waited; 0 where none waits',
    labels: ACCOUNT,
    read: each(oldestAge),
  },
]

/** What is asked, and what is stored. */
export const TURN_METRICS: readonly Metric[] = [
  {
    name: 'whatsappd_turns',
    type: 'gauge',
    help: 'Questions that are open, by state: `running` (an agent has it) or `waiting`',
    labels: ['account', 'state'],
    read: turnsByState,
  },
  {
    name: 'whatsappd_turns_total',
    type: 'counter',
    help: 'Questions to agents that are over, by outcome: `answered`, `silent`, `failed` or `cancelled`',
    labels: ['account', 'outcome'],
    read: tallied(['outcome'], ({ turns }) => turns),
  },
  {
    name: 'whatsappd_commit_seconds',
    type: 'histogram',
    help: "How long a COMMIT of the account's database took, with its fsync",
    labels: ACCOUNT,
    read: distributed(({ commits }) => commits),
  },
]

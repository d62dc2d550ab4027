import { Distribution } from './distribution.ts'
import { Tally } from './tally.ts'

/** In seconds. */
const ACK_BOUNDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const ANSWER_BOUNDS = [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]
const COMMIT_BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]

/** What became of a message that arrived (`IntakeVerdict`). */
const VERDICTS = ['inboxed', 'blocked', 'held', 'ignored']

/** What one agent did. */
export class AgentCounts {
  /** Questions that it has now. */
  running = 0
  /** From the question to the end of the answer, whatever became of it. */
  readonly answers = new Distribution(ANSWER_BOUNDS)
  /** From the question to the first piece of the answer. */
  readonly firstPieces = new Distribution(ANSWER_BOUNDS)
  /** By the code of the failure. */
  readonly failures = new Tally(['timeout'])
}

/**
 * What one account did since the process started: plain numbers, which cost an increment where it happens and nothing else. No label says
 * who wrote, or what.
 */
export class AccountCounts {
  /** By kind of content and verdict, with a space between the two. */
  readonly received = new Tally(VERDICTS.map((verdict) => `text ${verdict}`))
  /** By reason; each message, also of somebody who was reported before. */
  readonly blocked = new Tally(['not_allowed'])
  /** By reason: kept, and left unanswered. */
  readonly skipped = new Tally(['too_old'])
  /** Messages that came once more. */
  duplicates = 0
  /** By kind of content and outcome of the attempt, with a space between the two. */
  readonly sent = new Tally(['acknowledged', 'unconfirmed', 'refused'].map((outcome) => `text ${outcome}`))
  /** By the code of the failure: will not arrive. */
  readonly failed = new Tally(['unconfirmed'])
  /** Attempts after the first one. */
  retries = 0
  /** Phones that could not read a message of ours asked for it again. */
  askedAgain = 0
  /** From handing a message to the connection to WhatsApp's acknowledgement. */
  readonly acknowledgements = new Distribution(ACK_BOUNDS)
  /** By what the turn came to. */
  readonly turns = new Tally(['answered', 'silent', 'failed', 'cancelled'])
  /** By `qr` or `code`. */
  readonly offers = new Tally(['qr', 'code'])
  /** The connection opened, and was proven alive. */
  openings = 0
  /** By reason: it was open, and is not any more. */
  readonly losses = new Tally(['none'])
  /** Each COMMIT of the account's database, with its wait for the disk. */
  readonly commits = new Distribution(COMMIT_BOUNDS)
  readonly #agents = new Map<string, AgentCounts>()

  /** By the agent's id in the config. */
  agent(id: string): AgentCounts {
    let counts = this.#agents.get(id)
    if (counts === undefined) {
      counts = new AgentCounts()
      this.#agents.set(id, counts)
    }
    return counts
  }

  /** Of agents that the config does not name any more nothing is kept. */
  keepAgents(ids: ReadonlySet<string>): void {
    for (const id of this.#agents.keys()) if (!ids.has(id)) this.#agents.delete(id)
  }
}

/** The counts of every account; they go when the account does. */
export class Counts {
  readonly #accounts = new Map<string, AccountCounts>()

  of(account: string): AccountCounts {
    let counts = this.#accounts.get(account)
    if (counts === undefined) {
      counts = new AccountCounts()
      this.#accounts.set(account, counts)
    }
    return counts
  }

  keep(accounts: ReadonlySet<string>): void {
    for (const id of this.#accounts.keys()) if (!accounts.has(id)) this.#accounts.delete(id)
  }
}

/** What a campaign counts. */
export interface Counts {
  /** Everything that people wrote, strangers included. */
  messages: number
  /** Texts of allowed people that were not answered, or not to the end, while there was any hope. */
  lost: number
  /** Messages that brought again what was answered, under another id; ids that came again with other words. */
  duplicated: number
  disordered: number
  /** Anything at a stranger's phone but the receipts of the protocol, or at the wrong person's. */
  unauthorised: number
  /** A damaged database, a changed identity, an answer that nobody asked for. */
  corrupt: number
  /** Answers that left for somebody after the assistant had stored that the owner answers them. */
  talkedOver: number
  /** Of the lost ones: written while the owner answered, and not answered after the chat was handed back. */
  lostAfterResume: number
  /** Messages of programs that arrived although the request was refused. */
  refusedSent: number
  /** Events of which a receiver of webhooks was never told, and posts that must not be: to nobody's order, unsigned, of others. */
  webhookMissing: number
  webhookWrong: number
  /** Pings of the server that never got an answer. */
  unanswered: number
  /** Statuses, notifications and calls that were never acknowledged. */
  unacknowledged: number
  /** Of the lost ones: came after all, long after. */
  late: number
  /** Messages that a phone could not read when they first came. */
  unreadable: number
  /** The same message again under its id, which phones show once. */
  resent: number
  /** The bot's process ended by itself, or would not end when told to. */
  crashes: number
  /** SIGKILLs that we sent. */
  kills: number
}

export const noCounts = (): Counts => ({
  messages: 0,
  lost: 0,
  duplicated: 0,
  disordered: 0,
  unauthorised: 0,
  corrupt: 0,
  talkedOver: 0,
  lostAfterResume: 0,
  refusedSent: 0,
  webhookMissing: 0,
  webhookWrong: 0,
  unanswered: 0,
  unacknowledged: 0,
  late: 0,
  unreadable: 0,
  resent: 0,
  crashes: 0,
  kills: 0,
})

export function addCounts(to: Counts, more: Counts): void {
  // The names of an object of numbers only.
  for (const name of Object.keys(more) as (keyof Counts)[]) to[name] += more[name]
}

/** What a phone cannot read is told by its sender again; until then its person waits, so it counts as damage. */
export function closingLine(runs: number, counts: Counts): string {
  const { messages, lost, late, duplicated, disordered, unauthorised, unanswered, unacknowledged } = counts
  const { talkedOver, lostAfterResume, refusedSent, webhookMissing, webhookWrong } = counts
  return (
    `faults: runs=${runs} messages=${messages} lost=${lost - late} duplicated=${duplicated} ` +
    `disordered=${disordered} unauthorised=${unauthorised} corrupt=${corruption(counts)} ` +
    `unanswered=${unanswered} unacknowledged=${unacknowledged} talked_over=${talkedOver} lost_after_resume=${lostAfterResume} ` +
    `refused_sent=${refusedSent} webhook_missing=${webhookMissing} webhook_wrong=${webhookWrong}`
  )
}

export function isClean(counts: Counts): boolean {
  const { lost, duplicated, disordered, unauthorised, crashes, unanswered, unacknowledged, talkedOver } =
    counts
  const { refusedSent, webhookMissing, webhookWrong } = counts
  const silence = unanswered + unacknowledged
  const ofPrograms = refusedSent + webhookMissing + webhookWrong
  return (
    lost +
      talkedOver +
      duplicated +
      disordered +
      unauthorised +
      crashes +
      silence +
      ofPrograms +
      corruption(counts) ===
    0
  )
}

const corruption = ({ corrupt, unreadable }: Counts): number => corrupt + unreadable

/** What a campaign on a Business account counts. */
export interface BusinessCounts {
  /** Everything that people wrote, strangers included. */
  messages: number
  /** Texts of allowed people that were not answered, and of whose answer nothing is said either. */
  lost: number
  /** Answers that came twice. */
  twice: number
  /** What left for somebody beyond the 24 hours. */
  outsideWindow: number
  /** Anything at a stranger's phone, or at the wrong person's. */
  unauthorised: number
  /** A damaged database, an answer that nobody asked for. */
  corrupt: number
  /** The daemon's process ended by itself, or would not end when told to. */
  crashes: number
  /** Answers of which nobody knows whether they left: shown as such, and not sent again. */
  unconfirmed: number
  kills: number
}

export const noBusinessCounts = (): BusinessCounts => ({
  messages: 0,
  lost: 0,
  twice: 0,
  outsideWindow: 0,
  unauthorised: 0,
  corrupt: 0,
  crashes: 0,
  unconfirmed: 0,
  kills: 0,
})

export function businessClosingLine(runs: number, counts: BusinessCounts): string {
  const { messages, lost, twice, outsideWindow, unauthorised, corrupt } = counts
  return `faults: business runs=${runs} messages=${messages} lost=${lost} twice=${twice} outside_window=${outsideWindow} unauthorised=${unauthorised} corrupt=${corrupt}`
}

export function isBusinessClean(counts: BusinessCounts): boolean {
  const { lost, twice, outsideWindow, unauthorised, corrupt, crashes } = counts
  return lost + twice + outsideWindow + unauthorised + corrupt + crashes === 0
}

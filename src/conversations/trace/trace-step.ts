/** One station of a message's way through the house. No text, no number and no address of a person is in it. */
export interface TraceStep {
  /** Milliseconds since 1970; `null` where it is not kept. */
  at: number | null
  /** `arrived` and `held` before it was admitted; `stored` in the inbox; `reply` and `sent` in the outbox. */
  stage: 'arrived' | 'held' | 'stored' | 'file' | 'turn' | 'reply' | 'sent' | 'reaction'
  /** As the table has it; what it means: docs/debugging.md. */
  state: string
  facts: Readonly<Record<string, string | number>>
}

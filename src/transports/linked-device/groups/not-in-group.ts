/** What WhatsApp answers about a group that the account is not in (any more), or that is gone. */
const CODES: ReadonlySet<unknown> = new Set([401, 403, 404])

/** The account cannot write to this group, and trying again changes nothing. */
export class NotInGroup extends Error {
  constructor(options: { cause: unknown }) {
    super('the account is not in this group', options)
    this.name = 'NotInGroup'
  }

  /** Whether a refused query about a group means that; Baileys carries the server's code as `data`. */
  static isMeantBy(error: unknown): boolean {
    return error instanceof Error && 'data' in error && CODES.has(error.data)
  }
}

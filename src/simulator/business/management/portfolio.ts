/** A business portfolio: people have one id (BSUID) for everything that belongs to it. */
export class Portfolio {
  readonly id: string
  /** Enrolled as a managed business: people also have a parent id. */
  readonly hasParentIds: boolean
  /** Whose numbers stay visible, because they interacted under them; by `BusinessPerson.key`. Meta hosts it, and it is on unless switched off. */
  readonly contactBook = new Set<string>()
  hasContactBook = true

  constructor(o: { id: string; hasParentIds: boolean }) {
    this.id = o.id
    this.hasParentIds = o.hasParentIds
  }
}

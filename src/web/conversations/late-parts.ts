import { LatePart } from '../card/late-part.ts'

/** Templates of a Business number: the list, what is filled in, and what the person gets. */
export const templates = new LatePart(
  async () => (await import('./templates/template-parts.ts')).TEMPLATE_PARTS,
)

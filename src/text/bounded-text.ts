import { TEXT_LIMITS } from '../protocol/text-limits.ts'
import { cutText } from './cut-text.ts'
import { storableText } from './storable-text.ts'

/** What somebody wrote, with no more of it than is kept, as the database gives it back. */
export function boundedText(text: string): string {
  return cutText(storableText(text), TEXT_LIMITS.message)
}

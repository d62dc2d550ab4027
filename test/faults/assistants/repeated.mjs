/** The words of people in a fault round, as the book of questions makes them. */
const WORDS = /(?<![\w.@])[A-Z]\d+(?:e\d+)?(?:\.\d+)?(?![\w.])/g
/** Where the facts about a question end, of which connectors tell that carry nothing but text. */
const END_OF_FACTS = '[/turn '

/** The words of a question, without what is told about it and what was said before it. */
export function repeated(text) {
  const question = text.slice(Math.max(0, text.lastIndexOf(END_OF_FACTS)))
  return (question.match(WORDS) ?? []).join(' ')
}

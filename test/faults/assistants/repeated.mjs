/** The words of people in a fault round, as the book of questions makes them. */
const WORDS = /(?<![\w.@])[A-Z]\d+(?:e\d+)?(?:\.\d+)?(?![\w.])/g
/** Where the facts about a question end, of which connectors tell that carry nothing but text. */
const END_OF_FACTS = '[/turn '

/** The words of a question, each once, without what is told about it and what was said before it. A document with it holds them again. */
export function repeated(text) {
  const question = text.slice(Math.max(0, text.indexOf(END_OF_FACTS)))
  return [...new Set(question.match(WORDS))].join(' ')
}

/** The words of a question, without what is told about it and what was said before it. */
export function repeated(text: string): string

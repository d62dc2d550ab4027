/**
 * What somebody pasted, as the JSON of an answer: consoles put quotes around a text, and terminals and mail programs break
 * its line. `null` where it holds no answer; what the answer says is the daemon's to check.
 */
export function readPasskeyAnswer(pasted: string): Record<string, unknown> | null {
  // No part of an answer has a blank in it.
  const text = pasted.replaceAll(/[\s\u{feff}]/gu, '')
  const bare = /^(['"`])(.*)\1$/u.exec(text)?.[2] ?? text
  for (const candidate of [bare, bare.replaceAll('\\"', '"')]) {
    const answer = parse(candidate)
    if (typeof answer === 'object' && answer !== null && 'response' in answer && !Array.isArray(answer))
      return { ...answer }
  }
  return null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

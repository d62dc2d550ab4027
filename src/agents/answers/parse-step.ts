/** As Python's `json` and others write numbers that JSON does not have. */
const NO_NUMBER = /([:[,]\s*)(?:NaN|-?Infinity)(?=\s*[,\]}])/g

/** Longer texts hold files. */
const MAX_REPAIRED = 65_536

/** The JSON value of a text, with `null` for numbers such as `NaN`; `undefined` where it is none. */
export function parseStep(text: string): unknown {
  const value = parse(text)
  if (value !== undefined || text.length > MAX_REPAIRED) return value
  return parse(text.replaceAll(NO_NUMBER, '$1null'))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

import type { ValueNode } from '../../../config/document/json5-tree.ts'

const MOST_CHARACTERS = 48
const MOST_ENTRIES = 3
const MASK = '•••'
/** Of settings that may hold a secret without being declared as one. */
const SECRET_NAME = /token|secret|password|passphrase|api_?key|authorization|cookie/i
const USER_INFO = /\/\/[^/@\s]*@/g

/** A value of the config file in a few words. Never a secret that stands there as a text; what refers to one is shown. */
export function shownValue(node: ValueNode, name: string, isSecret: boolean): string {
  if (node.type === 'object') return amount(Object.keys(node.value).length, '{', 'key', '}')
  if (node.type === 'array') {
    const isPlain =
      node.elements.length <= MOST_ENTRIES && node.elements.every(({ type }) => type === 'scalar')
    // Arguments of a program may be secrets, too.
    const mayBeShown = isPlain && !isSecret && !SECRET_NAME.test(name) && !/^(?:args|command)$/i.test(name)
    const whole = `[${node.elements.map(({ value }) => JSON.stringify(value)).join(', ')}]`
    return mayBeShown && whole.length <= MOST_CHARACTERS
      ? whole.replaceAll(USER_INFO, `//${MASK}@`)
      : amount(node.elements.length, '[', 'entry', ']')
  }
  const { value } = node
  if (typeof value !== 'string') return JSON.stringify(value)
  if ((isSecret || SECRET_NAME.test(name)) && !value.includes('${')) return MASK
  const text = JSON.stringify(value.replaceAll(USER_INFO, `//${MASK}@`))
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`
}

function amount(count: number, open: string, noun: string, close: string): string {
  const plural = noun === 'entry' ? 'entries' : `${noun}s`
  return `${open} ${count} ${count === 1 ? noun : plural} ${close}`
}

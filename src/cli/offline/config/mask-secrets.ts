import type { ObjectNode, ValueNode } from '../../../config/document/json5-tree.ts'

const MASK = '•••'
const SECRET_NAME = /token|secret|password|passphrase|(?:api|private)_?key|authorization|cookie|credential/i
/** Objects by name whose values are secrets often enough. */
const SECRET_HOLDERS: ReadonlySet<string> = new Set(['headers', 'env'])
const USER_INFO = /(?<=\/\/)[^/@\s"']+(?=@)/g
/** A shorter one would mask half of the file. */
const SHORTEST = 6

/** The text without the secrets that stand in this file as texts, also those of other tools. */
export function maskSecrets(text: string, root: ObjectNode): string {
  const secrets = new Set<string>()
  collect(root, false, secrets)
  // A secret may hold another one.
  const ordered = [...secrets].toSorted((one, other) => other.length - one.length)
  const masked = ordered.reduce((each, secret) => each.replaceAll(secret, MASK), text)
  return masked.replaceAll(USER_INFO, MASK)
}

function collect(node: ValueNode, isSecret: boolean, secrets: Set<string>): void {
  if (node.type === 'object')
    for (const { name, value } of node.members) {
      // `{ env: "NAME" }` names a variable; `env: { NAME: "value" }` holds values.
      const holds = SECRET_HOLDERS.has(name) && value.type === 'object'
      collect(
        value,
        holds || (SECRET_NAME.test(name) && value.type !== 'object') || (isSecret && value.type === 'scalar'),
        secrets,
      )
    }
  else if (node.type === 'array') for (const element of node.elements) collect(element, isSecret, secrets)
  else if (
    isSecret &&
    typeof node.value === 'string' &&
    node.value.length >= SHORTEST &&
    !node.value.includes('${')
  )
    secrets.add(node.value)
}

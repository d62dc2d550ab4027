import type { AccountConfig } from './model.ts'

type Written = Pick<AccountConfig, 'written'>

/**
 * What may be shown of a text in force: what stands in the file, where that refers to variables. `path` is the setting's dotted path
 * below the account; of a list it ends with the entry.
 */
export function asWritten<Value>({ written }: Written, path: string, value: Value): Value | string {
  return written !== undefined && Object.hasOwn(written, path) ? (written[path] ?? value) : value
}

/** The same for an entry of the list at `path`. An entry may have come from another list of the file: then it is found by itself. */
export function entryAsWritten(account: Written, path: string, entry: string): string {
  return asWritten(account, `${path}.${entry}`, asWritten(account, `entry.${entry}`, entry))
}

/** The same for what `senders` calls an E.164 number; `null` where it has no name. */
export function senderNameOf(
  account: Written & Pick<AccountConfig, 'senders'>,
  number: string,
): string | null {
  return asWritten(account, `senders.${number}.name`, account.senders[number]?.name ?? null)
}

/** The same for the name that the config gives to a sender, whatever form of their number it is found by. */
export function senderNameAsWritten(
  { written = {}, senders }: Written & Pick<AccountConfig, 'senders'>,
  name: string | null,
): string | null {
  for (const [path, text] of Object.entries(written)) {
    const number = /^senders\.(.*)\.name$/.exec(path)?.[1]
    if (number !== undefined && name !== null && senders[number]?.name === name) return text
  }
  return name
}

/** As many digits in a row may be the number of a person. */
const NUMBER = /\d{5}/
const MAX_LENGTH = 64

/**
 * An id of the config as a label shows it: whoever calls an account or an agent by a phone number finds it by its place in the list
 * (`account-2`), because labels are kept by systems far from the sandbox. `place` counts from 1.
 */
export function shownId(id: string, kind: 'account' | 'agent', place: number): string {
  const digits = id.replaceAll(/[\s().+-]/g, '')
  return NUMBER.test(digits) || id.length > MAX_LENGTH ? `${kind}-${place}` : id
}

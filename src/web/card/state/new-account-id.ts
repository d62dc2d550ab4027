/** An id for an account of this name that none of `taken` has: letters and digits of the name, else `account`. */
export function newAccountId(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
  const base = plain === '' ? 'account' : plain
  let id = base
  for (let number = 2; taken.includes(id); number++) id = `${base}-${number}`
  return id
}

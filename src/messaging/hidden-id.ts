/**
 * How people who hide their number are named outside of a transport, in configs and to agents: `lid:<digits>` for the address
 * `<digits>@lid`, and `bsuid:<id>` as it is; `null` for every other address.
 */
export function hiddenIdOf(address: string): string | null {
  if (address.startsWith('bsuid:')) return address
  const digits = /^(\d+)@lid$/.exec(address)?.[1]
  return digits === undefined ? null : `lid:${digits}`
}

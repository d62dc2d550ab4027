/**
 * How people who hide their number are named outside of a transport, in configs and to agents: `lid:<digits>` for the address
 * `<digits>@lid`; `null` for every other address.
 */
export function hiddenIdOf(address: string): string | null {
  const digits = /^(\d+)@lid$/.exec(address)?.[1]
  return digits === undefined ? null : `lid:${digits}`
}

/** The byte order mark, if there is one, and what follows it: positions count from there. */
export function splitBom(text: string): [bom: string, body: string] {
  return text.startsWith('\uFEFF') ? ['\uFEFF', text.slice(1)] : ['', text]
}

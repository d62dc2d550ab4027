/** Light modules around the code, which scanners need to find it. */
const MARGIN = 2

/** Black on white whatever the terminal's theme: not every phone reads an inverted code. */
const BLACK_ON_WHITE = '\u001B[38;5;16;48;5;231m'
const RESET = '\u001B[0m'

/** By upper and lower module: light is 0, dark is 1. */
const HALF_BLOCKS = [
  [' ', '▄'],
  ['▀', '█'],
] as const

/**
 * The QR as lines for a terminal, two rows of modules a line. Drawn here: its content can link a device and must not
 * reach a third party.
 */
export async function drawQr(content: string, options: { colours: boolean }): Promise<string> {
  const { default: qrcode } = await import('qrcode')
  const { modules } = qrcode.create(content, { errorCorrectionLevel: 'L' })
  const isInside = (index: number): boolean => index >= 0 && index < modules.size
  const module = (row: number, column: number): 0 | 1 =>
    isInside(row) && isInside(column) && modules.get(row, column) === 1 ? 1 : 0
  const lines: string[] = []
  for (let row = -MARGIN; row < modules.size + MARGIN; row += 2) {
    let line = ''
    for (let column = -MARGIN; column < modules.size + MARGIN; column++) {
      line += HALF_BLOCKS[module(row, column)][module(row + 1, column)]
    }
    lines.push(options.colours ? `${BLACK_ON_WHITE}${line}${RESET}` : line)
  }
  return lines.join('\n')
}

/** A pairing code as phones show it: `ABCD-EFGH`. */
export function groupCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

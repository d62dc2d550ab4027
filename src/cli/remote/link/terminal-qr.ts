import type { TerminalSize } from '../../command-context.ts'

/** Light modules around the code, which scanners need to find it; the smaller one where the terminal is narrow. */
const MARGINS = [2, 1] as const

/** Black on white whatever the terminal's theme: not every phone reads an inverted code. */
const BLACK_ON_WHITE = '\u001B[38;5;16;48;5;231m'
const RESET = '\u001B[0m'

/** By upper and lower module: light is 0, dark is 1. */
const HALF_BLOCKS = [
  [' ', '▄'],
  ['▀', '█'],
] as const

export interface TerminalQr {
  /** `null` where the terminal is so narrow that the lines would be broken. */
  drawing: string | null
  /** What it takes, in characters. */
  needs: TerminalSize
}

/**
 * The QR as lines for a terminal of this size, two rows of modules a line. Drawn here: its content can link a device and
 * must not reach a third party. One that is higher than the terminal is drawn: letters can be made smaller.
 */
export async function drawQr(
  content: string,
  { colours, size }: { colours: boolean; size: TerminalSize | null },
): Promise<TerminalQr> {
  const { default: qrcode } = await import('qrcode')
  const { modules } = qrcode.create(content, { errorCorrectionLevel: 'L' })
  const columns = size?.columns ?? Number.POSITIVE_INFINITY
  const margin = MARGINS.find((each) => modules.size + 2 * each <= columns) ?? MARGINS[1]
  const width = modules.size + 2 * margin
  const needs = { columns: width, rows: Math.ceil(width / 2) }
  if (width > columns) return { drawing: null, needs }
  const isInside = (index: number): boolean => index >= 0 && index < modules.size
  const module = (row: number, column: number): 0 | 1 =>
    isInside(row) && isInside(column) && modules.get(row, column) === 1 ? 1 : 0
  const lines: string[] = []
  for (let row = -margin; row < modules.size + margin; row += 2) {
    let line = ''
    for (let column = -margin; column < modules.size + margin; column++) {
      line += HALF_BLOCKS[module(row, column)][module(row + 1, column)]
    }
    lines.push(colours ? `${BLACK_ON_WHITE}${line}${RESET}` : line)
  }
  return { drawing: lines.join('\n'), needs }
}

/** A pairing code as phones show it: `ABCD-EFGH`. */
export function groupCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

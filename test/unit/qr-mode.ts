/** What the format bits of a QR code are masked with, those of its level and its mask (ISO/IEC 18004, 7.9). */
const FORMAT_MASK = 0b10101

/** Whether a mask turns a module (7.8.2). */
const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_row, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
]

/**
 * The first four bits of a QR code without a margin, `true` is dark: how its first segment is encoded. `0100` is bytes, `0111` the
 * name of a character set (7.4.1).
 */
export function firstMode(modules: readonly (readonly boolean[])[]): string {
  const format = [0, 1, 2, 3, 4].reduce((value, column) => value * 2 + Number(modules[8]?.[column]), 0)
  const isTurned = MASKS[(format ^ FORMAT_MASK) & 7]
  const last = modules.length - 1
  const places = [
    [last, last],
    [last, last - 1],
    [last - 1, last],
    [last - 1, last - 1],
  ] as const
  return places
    .map(([row, column]) => (modules[row]?.[column] === isTurned?.(row, column) ? '0' : '1'))
    .join('')
}

import decodeQR from 'qr/decode.js'

/** Light modules that are put around the code, and pixels for each module. */
const MARGIN = 4
const PIXELS = 4

/** What a reader of QR codes gets from these modules, `true` is dark. Throws where it finds no code. */
export function readQr(modules: readonly (readonly boolean[])[]): string {
  const side = (modules.length + 2 * MARGIN) * PIXELS
  const data = new Uint8ClampedArray(side * side * 4).fill(255)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const isDark = modules[Math.floor(y / PIXELS) - MARGIN]?.[Math.floor(x / PIXELS) - MARGIN] === true
      if (isDark) data.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3)
    }
  }
  return decodeQR({ width: side, height: side, data })
}

import { create } from 'qrcode/lib/core/qrcode.js'

const QUIET_ZONE = 4

export interface QrPath {
  /** Modules on a side, quiet zone included. */
  size: number
  /** SVG path data of the dark modules, one unit a module. */
  path: string
}

/** Draws `text` as a QR code in the browser. No service may see it: it is enough to link a device. */
export function qrPath(text: string): QrPath {
  // As bytes, whatever would be shorter: the bundle leaves the other modes out (`src/tools/browser-bundle.mjs`).
  const bytes = new TextEncoder().encode(text)
  const { modules } = create([{ data: bytes, mode: 'byte' }], { errorCorrectionLevel: 'L' })
  const runs: string[] = []
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (!modules.get(row, column)) continue
      let width = 1
      while (column + width < modules.size && modules.get(row, column + width)) width++
      runs.push(`M${column + QUIET_ZONE} ${row + QUIET_ZONE}h${width}v1h-${width}z`)
      column += width
    }
  }
  return { size: modules.size + 2 * QUIET_ZONE, path: runs.join('') }
}

/** The QR as lines for a terminal, drawn here: its content can link a device and must not reach a third party. */
export async function drawQr(content: string, options: { colours: boolean }): Promise<string> {
  const { default: qrcode } = await import('qrcode')
  const drawing = await qrcode.toString(content, {
    errorCorrectionLevel: 'L',
    // The coloured one is dark on light on every terminal theme; without colours half blocks have to do.
    ...(options.colours ? { type: 'terminal', small: true } : { type: 'utf8', margin: 2 }),
  })
  return drawing.replace(/\n+$/, '')
}

/** A pairing code as phones show it: `ABCD-EFGH`. */
export function groupCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

/** For how long the browser may need the address of a file that it saves. */
const ADDRESS_MS = 60_000

/** Lets the browser save `bytes` under `name`. */
export function saveFile(bytes: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(bytes)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), ADDRESS_MS)
}

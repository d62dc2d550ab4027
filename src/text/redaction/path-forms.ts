import { storableText } from '../bounded-text.ts'

/** Directories of every machine: a text that names one of them says nothing of this sandbox. */
const GENERAL = new Set([
  '/etc/opt',
  '/usr/bin',
  '/usr/lib',
  '/usr/local',
  '/usr/local/bin',
  '/usr/local/etc',
  '/usr/local/lib',
  '/usr/local/share',
  '/usr/share',
  '/usr/src',
  '/var/lib',
  '/var/log',
  '/var/opt',
  '/var/run',
  '/var/tmp',
])
/** What a shell would take for something else. */
const SHELL_SPECIAL = /[^\p{L}\p{M}\p{N}@%+=:,./_-]/gu

/**
 * How a text may write an absolute path: as it is, in either form of Unicode, encoded for URLs, escaped for JSON and for a shell. Nothing
 * where the path is a directory of every machine: the root, one directly below it (`/root`, `/home`, `/app`), or a usual one of the system.
 */
export function pathForms(path: string): string[] {
  const plain = path.replaceAll(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '')
  if (plain.split('/').length < 3 || !plain.startsWith('/') || GENERAL.has(plain)) return []
  const forms = new Set<string>()
  for (const each of [plain, plain.normalize('NFC'), plain.normalize('NFD')]) {
    forms.add(each)
    forms.add(each.replaceAll('/', String.raw`\/`))
    forms.add(each.replaceAll(SHELL_SPECIAL, String.raw`\$&`))
    const encoded = encode(each)
    forms.add(encoded.replaceAll('%2F', '/'))
    for (const whole of [encoded, encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())])
      forms.add(whole)
  }
  return [...forms]
}

function encode(text: string): string {
  return encodeURIComponent(storableText(text))
}

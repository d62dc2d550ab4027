import { isUtf8 } from 'node:buffer'
import { readHead } from '../../storage/files/read-at.ts'

/** What the bytes of a file show it to be. */
export interface SniffedType {
  /** A MIME type; `null` where the bytes show nothing. */
  type: string | null
  /** Without a dot; one that no program starts or renders by itself. */
  extension: string
}

/** Kinds that people send and programs only show. Everything else is `bin`, whatever it is called. */
const EXTENSIONS: ReadonlySet<string> = new Set(
  [
    'jpg png gif webp heic avif bmp tif',
    'mp4 mov m4v 3gp 3g2 webm mkv avi mpg',
    'ogg oga opus ogv mp3 m4a aac amr wav flac',
    'pdf zip docx xlsx pptx odt ods odp epub rtf',
    'rar 7z gz bz2 xz tar zst',
  ].flatMap((group) => group.split(' ')),
)
/** Of texts, by the name that the sender gave; a page or a script is a plain text here. */
const TEXT_TYPES: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  log: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  json: 'application/json',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  ics: 'text/calendar',
  vcf: 'text/vcard',
}
/** Markup that a browser runs. */
const MARKUP = /^[\s\uFEFF]*(?:<\?xml|<!doctype|<!--|<[a-z][\w:-]*[\s/>])/i
const UNKNOWN: SniffedType = { type: null, extension: 'bin' }
/** Office documents tell their kind in the first files of their archive. */
const SAMPLE_BYTES = 64 * 1_024
/** Of a character that the sample cuts. */
const MAX_TAIL_BYTES = 3

/**
 * The type of the file at `path` by its bytes alone; `name` only tells texts apart, which have no mark. It reads the beginning of the file, and
 * nothing of it is drawn or run.
 */
export async function sniffType(path: string, name: string | null): Promise<SniffedType> {
  const sample = await readHead(path, SAMPLE_BYTES)
  if (sample.length === 0) return UNKNOWN
  if (isText(sample)) return textType(sample, name)
  // Of an archive it looks into at most a megabyte of a single entry, and of ours it gets the beginning alone.
  const { fileTypeFromBuffer } = await import('file-type')
  const found = await fileTypeFromBuffer(sample).catch(() => undefined)
  if (found === undefined) return UNKNOWN
  return { type: found.mime, extension: EXTENSIONS.has(found.ext) ? found.ext : 'bin' }
}

/** UTF-8 without control characters; the formats that programs make have some. */
function isText(sample: Buffer): boolean {
  if (sample.subarray(0, 5).toString('latin1') === '%PDF-') return false
  if (sample.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(byte))) return false
  for (let tail = 0; tail <= MAX_TAIL_BYTES; tail += 1)
    if (isUtf8(sample.subarray(0, sample.length - tail))) return true
  return false
}

function textType(sample: Buffer, name: string | null): SniffedType {
  const text = sample.toString('utf8')
  if (text.startsWith('{\\rtf')) return { type: 'application/rtf', extension: 'rtf' }
  if (MARKUP.test(text))
    return { type: /<svg[\s>]/i.test(text) ? 'image/svg+xml' : 'text/html', extension: 'txt' }
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name ?? '')?.[1]?.toLowerCase() ?? ''
  const type = Object.hasOwn(TEXT_TYPES, ending) ? TEXT_TYPES[ending] : undefined
  return type === undefined ? { type: 'text/plain', extension: 'txt' } : { type, extension: ending }
}

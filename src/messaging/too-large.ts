const MEGABYTE = 1_000_000

/** Says of a file that it has more than `maxBytes`: a sentence for a person, and for the assistant. */
export function tooLargeSentence(maxBytes: number): string {
  return `The file is larger than ${Number((maxBytes / MEGABYTE).toPrecision(3))} MB.`
}

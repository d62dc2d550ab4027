/** A part of a text that stands between marks: `start` is before its opening mark, `end` behind its closing one, in UTF-16 code units. */
export interface Wrapped {
  start: number
  end: number
  open: string
  close: string
}

/** A text as WhatsApp shows it, and the parts of it that lose their marks where they are cut. */
export interface FormattedText {
  text: string
  /** By their start; one may be inside of another. */
  wrapped: readonly Wrapped[]
}

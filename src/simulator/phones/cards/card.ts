/** A person as a contact card names them. */
export interface CardPerson {
  name: string
  /** E.164. */
  phoneNumbers: readonly string[]
  emails?: readonly string[] | undefined
  organisation?: string | undefined
}

/** What a message may hold besides words and files, as a person on a phone sends it and sees it. */
export type Card =
  | {
      kind: 'location'
      latitude: number
      longitude: number
      name?: string | undefined
      address?: string | undefined
    }
  | { kind: 'live-location'; latitude: number; longitude: number; caption?: string | undefined }
  | { kind: 'contacts'; people: readonly CardPerson[] }
  /** `choices`: how many options a person may choose; 0 for any number. */
  | { kind: 'poll'; question: string; options: readonly string[]; choices?: number | undefined }
  | {
      kind: 'event'
      name: string
      startsAtMs: number
      description?: string | undefined
      place?: string | undefined
    }
  /** What was chosen from a list or a row of buttons. */
  | { kind: 'choice'; from: 'list' | 'buttons' | 'template' | 'flow'; id: string; text: string }
  /** Announces so many pictures and videos that belong together. */
  | { kind: 'album'; images: number; videos: number }

/** Who asked for access, as events and answers say it: the number in E.164, or the id (`lid:<digits>` or `bsuid:<id>`) where WhatsApp hides it. */
export function personIn(entry: string): { phoneNumber: string | null; id: string | null } {
  return entry.startsWith('+') ? { phoneNumber: entry, id: null } : { phoneNumber: null, id: entry }
}

import type { StateInline } from 'markdown-it'

/**
 * At the start of a line, what agents' programs take for an order to send a file: `MEDIA:/path/cat.png`. A path has no space in it, or is
 * in quotation marks; what is of this sandbox may be taken out of it already.
 */
const MEDIA =
  /(?:MEDIA|ATTACHMENT|IMAGE|AUDIO|VIDEO|VOICE):[ \t]*(?:(["'`])(?:file:|sandbox:|\[removed\]|[/~.]|[A-Za-z]:\\)[^\n]*?\1|(?:file:|sandbox:|data:|\[removed\]|~?\/|\.{1,2}\/|[A-Za-z]:\\)\S*)[ \t]*(?:\n|$)/y
const MEDIA_NAME = /MEDIA:[ \t]*[^\s:]{1,200}\.[A-Za-z0-9]{2,5}[ \t]*(?:\n|$)/y
/** Of an address the address stays, which a person can open. */
const MEDIA_ADDRESS = /MEDIA:[ \t]*(?=https?:\/\/\S+[ \t]*(?:\n|$))/y
/** What OpenClaw's assistants write to it: whom to answer, and how. */
const TAG = /\[\[[ \t]*(?:reply_to_current|reply_to:[ \t]*[\w.@:-]{1,128}|audio_as_voice)[ \t]*\]\][ \t]?/y

/** What an assistant writes to the program around it, in its text: nothing is shown of it. */
export function markerRule(state: StateInline, silent: boolean): boolean {
  const { src, pos, posMax } = state
  const first = src[pos]
  const isAtStart = pos === 0 || src[pos - 1] === '\n'
  if (first !== '[' && !(isAtStart && first !== undefined && /[MAIV]/.test(first))) return false
  const rules = first === '[' ? [TAG] : [MEDIA, MEDIA_NAME, MEDIA_ADDRESS]
  for (const rule of rules) {
    rule.lastIndex = pos
    const found = rule.exec(src)?.[0]
    if (found === undefined || found === '' || pos + found.length > posMax) continue
    if (!silent) state.push('marker', '', 0)
    state.pos += found.length
    return true
  }
  return false
}

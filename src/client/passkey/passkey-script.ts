import type { AccountPasskey } from '../../protocol/account/account.ts'

export type PasskeyOptions = NonNullable<AccountPasskey['options']>

/** The only page whose passkeys WhatsApp takes, and whose passkeys they are. */
export const WHATSAPP_WEB = 'https://web.whatsapp.com'
export const RELYING_PARTY = 'whatsapp.com'

/** The second line for the console: `copy` exists at its top level only. */
export const COPY_COMMAND = 'copy(whatsappdAnswer)'

/**
 * One line of JavaScript for the console of a browser on WhatsApp Web. It signs with the passkey, prints the answer, which
 * is one line of JSON for `accounts.passkey.answer`, and keeps it as `whatsappdAnswer`. It loads nothing, sends nothing,
 * and works in browsers without `parseRequestOptionsFromJSON`. Throws when the options are not for WhatsApp.
 *
 * A console has the focus while something is typed into it, and browsers sign only for a page that has it: the script then
 * asks for a click.
 */
export function passkeyScript(options: PasskeyOptions): string {
  if (options['rpId'] !== RELYING_PARTY) throw new Error('these options are not for a passkey of WhatsApp')
  return `${SCRIPT}(${ascii(JSON.stringify(options))})`
}

const SCRIPT = `(async o=>{${[
  `if(location.origin!=="${WHATSAPP_WEB}")throw Error("Run this on ${WHATSAPP_WEB}, not here")`,
  'const d=s=>Uint8Array.from(atob(s.replace(/-/g,"+").replace(/_/g,"/")),c=>c.charCodeAt(0))',
  'const e=b=>b&&btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\\+/g,"-").replace(/\\//g,"_").replace(/=+$/,"")',
  'const k=PublicKeyCredential.parseRequestOptionsFromJSON?PublicKeyCredential.parseRequestOptionsFromJSON(o):{...o,challenge:d(o.challenge),allowCredentials:(o.allowCredentials||[]).map(c=>({...c,id:d(c.id)}))}',
  'if(!document.hasFocus()){console.log("Now click anywhere on the page.");await new Promise(r=>addEventListener("click",c=>{c.preventDefault();c.stopImmediatePropagation();r()},{once:true,capture:true}))}',
  'const c=await navigator.credentials.get({publicKey:k}),r=c.response',
  'globalThis.whatsappdAnswer=JSON.stringify({id:c.id,rawId:e(c.rawId),type:c.type,response:{clientDataJSON:e(r.clientDataJSON),authenticatorData:e(r.authenticatorData),signature:e(r.signature),userHandle:r.userHandle?e(r.userHandle):null}})',
  'console.log(whatsappdAnswer)',
].join(';')}})`

/** What a terminal or a clipboard may change is escaped. */
function ascii(json: string): string {
  return json.replaceAll(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

import { normalizeMessageContent, proto } from '@whiskeysockets/baileys'
import type { ReuploadFault } from '../../faults/media-faults.ts'
import type { Account, Device } from '../../server/account.ts'
import { seconds } from '../../server/environment.ts'
import type { Network } from '../../server/network.ts'
import { bytes, child, stanza, type Stanza } from '../../wire/stanza.ts'
import { isOwn, type Target } from '../message-key.ts'
import { Recording } from '../recording.ts'
import { claimedFile, type ClaimedFile } from './media-content.ts'
import type { PhoneMedia } from './phone-media.ts'
import { openRetry, sealRetry } from './retry-cipher.ts'

const { ServerErrorReceipt, MediaRetryNotification } = proto
const { GENERAL_ERROR, SUCCESS, NOT_FOUND, DECRYPTION_ERROR } = MediaRetryNotification.ResultType
const RESULTS = { 0: GENERAL_ERROR, 2: NOT_FOUND, 3: DECRYPTION_ERROR } as const
/** The phone does not have the file any more. */
const NOT_ON_THE_PHONE = 2

/** That a linked device asked for a file again. */
export interface RecordedReupload {
  messageId: string
  /** Number of the linked device. */
  fromDevice: number
  /** Why the phone did not answer: what is wrong with the request; `null` where it answered. */
  refusal: string | null
}

interface Deps {
  account: Account
  network: Network
  media: PhoneMedia
  /** A message of this phone, sent or received. */
  find: (id: string) => Target | undefined
}

/**
 * Uploads a file once more for a linked device that found it gone: `<receipt type="server-error">` is answered with
 * `<notification type="mediaretry">`, which names the new place. A request that is not as WhatsApp Web makes it gets no answer.
 * Source: whatsmeow (`mediaretry.go`), Baileys rc14, zapo.
 */
export class PhoneReuploads {
  readonly asked = new Recording<RecordedReupload>()
  readonly #deps: Deps

  constructor(deps: Deps) {
    this.#deps = deps
  }

  answer(request: Stanza, device: Device): void {
    const { account, network } = this.#deps
    const record = { messageId: request.attrs.id ?? '', fromDevice: device.deviceId }
    try {
      const file = this.#read(request)
      const fault = network.faults.media.reuploads.strike(account.phoneNumber, request)
      this.asked.add({ ...record, refusal: null })
      if (fault?.kind === 'silence') return
      const answer = this.#answer(request, file, fault)
      device.deliver(answer)
      if (fault?.kind === 'twice') device.deliver(answer)
    } catch (error) {
      this.asked.add({ ...record, refusal: error instanceof Error ? error.message : String(error) })
    }
  }

  /** The file that is asked for. Throws where anything of the request is not right. */
  #read(request: Stanza): ClaimedFile {
    const messageId = request.attrs.id ?? ''
    const target = this.#deps.find(messageId)
    const claimed = target && claimedFile(normalizeMessageContent(target.message) ?? {})
    if (target === undefined || claimed === undefined) throw new Error('there is no such message with a file')
    this.#checkPlace(target, child(request, 'rmr'))
    const sealed = child(request, 'encrypt')
    const { mediaKey } = claimed
    const iv = bytes(child(sealed, 'enc_iv'))
    if (iv.length !== 12) throw new Error('enc_iv has a wrong size')
    const receipt = ServerErrorReceipt.decode(
      openRetry(bytes(child(sealed, 'enc_p')), { mediaKey, messageId, iv }),
    )
    if (receipt.stanzaId !== messageId) throw new Error('the encrypted id is another one')
    return claimed
  }

  /** `rmr` names the message as its key does; `participant` only in groups, for messages of others. */
  #checkPlace(target: Target, rmr: Stanza | undefined): void {
    const { directory } = this.#deps.network
    const { jid, from_me: fromMe, participant } = rmr?.attrs ?? {}
    const group = directory.group(target.chat)
    const chat = group?.jid ?? target.chat
    if ((directory.group(jid)?.jid ?? directory.account(jid)?.phoneNumber) !== chat)
      throw new Error('rmr names another chat')
    if (fromMe !== String(isOwn(target))) throw new Error('rmr has a wrong from_me')
    const author = group === undefined || isOwn(target) || !('from' in target) ? undefined : target.from
    if (directory.account(participant)?.phoneNumber !== author) throw new Error('rmr has a wrong participant')
  }

  #answer(request: Stanza, file: ClaimedFile, fault: ReuploadFault | undefined): Stanza {
    const { account, network, media } = this.#deps
    const messageId = request.attrs.id ?? ''
    const uploaded = media.uploadAgain(file)
    const code = fault?.kind === 'error' ? fault.code : uploaded === null ? NOT_ON_THE_PHONE : null
    const iv = network.random(12)
    const plaintext = MediaRetryNotification.encode({
      stanzaId: fault?.kind === 'other-id' ? `${messageId}0` : messageId,
      ...(fault?.kind === 'result'
        ? { result: RESULTS[fault.result] }
        : { result: SUCCESS, directPath: fault?.kind === 'path' ? fault.directPath : uploaded }),
    }).finish()
    const mediaKey = fault?.kind === 'unreadable' ? network.random(32) : file.mediaKey
    const attributes = { id: messageId, from: account.jid, type: 'mediaretry', t: seconds(network) }
    return stanza('notification', attributes, [
      stanza('rmr', child(request, 'rmr')?.attrs),
      code === null
        ? stanza('encrypt', {}, [
            stanza('enc_p', {}, sealRetry(plaintext, { mediaKey, messageId, iv })),
            stanza('enc_iv', {}, iv),
          ])
        : stanza('error', { code: String(code) }),
    ])
  }
}

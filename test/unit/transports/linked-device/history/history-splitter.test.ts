import { proto } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import {
  type HistoryPiece,
  HistorySplitter,
  MAX_FIELD_BYTES,
} from '../../../../../src/transports/linked-device/history/history-splitter.ts'

const message = (text: string): proto.IHistorySyncMsg => ({
  message: {
    key: { id: text.slice(0, 10), remoteJid: '1@lid', fromMe: false },
    message: { conversation: text },
  },
})
const encoded = (history: proto.IHistorySync): Buffer =>
  Buffer.from(
    proto.HistorySync.encode({ syncType: proto.HistorySync.HistorySyncType.RECENT, ...history }).finish(),
  )
const split = (bytes: Buffer, pieceBytes: number): HistoryPiece[] => {
  const splitter = new HistorySplitter()
  const pieces: HistoryPiece[] = []
  for (let at = 0; at < bytes.length; at += pieceBytes)
    pieces.push(...splitter.push(bytes.subarray(at, at + pieceBytes)))
  return pieces
}
/** Ids, texts and ends, in their order. */
const shown = (pieces: HistoryPiece[]): string[] =>
  pieces.flatMap((piece) => {
    if (piece === 'end') return ['end']
    if (piece.number === 1) return [piece.value.toString()]
    if (piece.number !== 2) return []
    return [proto.HistorySyncMsg.decode(piece.value).message?.message?.conversation ?? '']
  })

describe('the history, taken apart', () => {
  const two = encoded({
    pushnames: [{ id: '3@lid', pushname: 'Somebody' }],
    progress: 70,
    conversations: [
      { id: '1@lid', messages: [message('one'), message('two')], unreadCount: 300, tcToken: Buffer.alloc(9) },
      { id: '2@lid', messages: [] },
    ],
  })

  it.each([1, 3, 64, 10_000])('is the same in pieces of %i bytes', (pieceBytes) => {
    expect(shown(split(two, pieceBytes))).toEqual(['1@lid', 'one', 'two', 'end', '2@lid', 'end'])
  })

  it('gives what a chat has beside its messages as it was encoded', () => {
    const rest = split(two, 7).flatMap((piece) => (piece === 'end' || piece.number === 2 ? [] : [piece.raw]))
    const chat = proto.Conversation.decode(Buffer.concat(rest.slice(0, 3)))
    expect([chat.id, chat.unreadCount, chat.tcToken?.length]).toEqual(['1@lid', 300, 9])
  })

  it('leaves out a message that is too long, and goes on behind it', () => {
    const long = encoded({
      conversations: [
        { id: '1@lid', messages: [message('a'), message('x'.repeat(MAX_FIELD_BYTES)), message('b')] },
      ],
    })
    expect(shown(split(long, 16_384))).toEqual(['1@lid', 'a', 'b', 'end'])
  })

  it('refuses what is no message of protobuf, and a field that is longer than its chat', () => {
    expect(() => split(Buffer.alloc(40, 0xff), 40)).toThrow('does not end')
    expect(() => split(Buffer.from([0x0b, 0x01]), 2)).toThrow('a type that is none')
    expect(() => split(Buffer.from([0x12, 0x03, 0x0a, 0x20, 0x41, 0x41]), 6)).toThrow('longer than the chat')
  })
})

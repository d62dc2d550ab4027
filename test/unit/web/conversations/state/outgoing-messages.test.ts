import { expect, test } from 'vitest'
import { RequestError } from '../../../../../src/client/request-error.ts'
import { OutgoingMessages } from '../../../../../src/web/conversations/state/outgoing-messages.ts'
import { message } from '../conversation-fixture.ts'
import { ScriptedRequests } from '../scripted-requests.ts'

function start() {
  const requests = new ScriptedRequests()
  const uploads: string[] = []
  const upload = (file: File): Promise<string> => {
    uploads.push(file.name)
    return Promise.resolve(`media-${file.name}`)
  }
  const deps = { client: requests.client, account: 'default', media: { upload }, changed: () => {} }
  const outgoing = new OutgoingMessages(deps)
  const sent = () => requests.asked.map(({ params }) => params)
  return { requests, uploads, outgoing, sent }
}

test('what a lost connection has left open is asked once more under the same id, and no other message', async () => {
  const { requests, outgoing, sent } = start()
  outgoing.send('1', 'Hello', [], null)
  await expect.poll(() => outgoing.of('1')[0]?.error?.code).toBe('daemon_offline')
  requests.answers['messages.send'] = () => {
    throw new RequestError('not_connected', 'Not connected.')
  }
  outgoing.resume()
  await expect.poll(() => outgoing.of('1')[0]?.error?.code).toBe('not_connected')
  outgoing.resume()
  const [first, second, ...others] = sent()
  expect(others).toEqual([])
  expect(first?.['clientMessageId']).toBe(second?.['clientMessageId'])
})

test('messages of one conversation go one after the other, those of others do not wait', async () => {
  const { requests, outgoing, sent } = start()
  let release = (): void => {}
  requests.answers['messages.send'] = ({ text }) =>
    text === 'one'
      ? new Promise((resolve) => (release = () => resolve({ messageId: 'A' })))
      : { messageId: 'B' }
  outgoing.send('1', 'one', [], null)
  outgoing.send('1', 'two', [], null)
  outgoing.send('2', 'other', [], null)
  await expect.poll(() => sent().map(({ text }) => text)).toEqual(['one', 'other'])
  release()
  await expect.poll(() => sent().map(({ text }) => text)).toEqual(['one', 'other', 'two'])
})

test('a message stays until the daemon tells of it, by either id', async () => {
  const { requests, outgoing, sent } = start()
  requests.answers['messages.send'] = () => ({ messageId: 'A1' })
  outgoing.send('1', 'by our id', [], message('Q', 1))
  outgoing.send('1', 'by its id', [], null)
  await expect.poll(() => outgoing.of('1').map(({ messageId }) => messageId)).toEqual(['A1', 'A1'])
  const clientMessageId = String(sent()[0]?.['clientMessageId'])
  expect(sent()[0]?.['quote']).toBe('Q')
  outgoing.settle(message('other', 2, { clientMessageId }))
  expect(outgoing.of('1').map(({ text }) => text)).toEqual(['by its id'])
  outgoing.settle(message('A1', 3))
  expect(outgoing.of('1')).toEqual([])
})

test('the text stands below the first file that can have one', async () => {
  const { requests, uploads, outgoing, sent } = start()
  requests.answers['messages.send'] = () => ({ messageId: 'A' })
  const file = (name: string, type: string): File => new File(['x'], name, { type })
  outgoing.send(
    '1',
    'Look',
    [file('song.mp3', 'audio/mpeg'), file('cat.jpg', 'image/jpeg'), file('a.svg', 'image/svg+xml')],
    null,
  )
  await expect.poll(() => sent().length).toBe(3)
  expect(uploads).toEqual(['song.mp3', 'cat.jpg', 'a.svg'])
  expect(sent().map(({ media }) => media)).toEqual([
    { mediaId: 'media-song.mp3', kind: 'audio', name: 'song.mp3' },
    { mediaId: 'media-cat.jpg', kind: 'image', name: 'cat.jpg', caption: 'Look' },
    { mediaId: 'media-a.svg', kind: 'document', name: 'a.svg' },
  ])
})

test('a message that was given up is not sent any more', async () => {
  const { requests, outgoing, sent } = start()
  let release = (): void => {}
  requests.answers['messages.send'] = () =>
    new Promise((resolve) => (release = () => resolve({ messageId: 'A' })))
  outgoing.send('1', 'one', [], null)
  outgoing.send('1', 'two', [], null)
  await expect.poll(() => sent().length).toBe(1)
  outgoing.discard(outgoing.of('1')[1]?.clientMessageId ?? '')
  release()
  await expect.poll(() => outgoing.of('1')[0]?.messageId).toBe('A')
  expect(sent()).toHaveLength(1)
})

test('what is sent to a conversation moves with it, and ends with it', async () => {
  const { requests, outgoing, sent } = start()
  outgoing.send('1', 'Hello', [], null)
  await expect.poll(() => outgoing.of('1')[0]?.error?.code).toBe('daemon_offline')
  outgoing.move('1', '2')
  requests.answers['messages.send'] = () => ({ messageId: 'A' })
  outgoing.resume()
  await expect.poll(() => outgoing.of('2')[0]?.messageId).toBe('A')
  expect(sent().map(({ conversation }) => conversation)).toEqual(['1', '2'])
  outgoing.forget('2')
  expect(outgoing.of('2')).toEqual([])
})

test('a file that was uploaded is not uploaded again, unless the daemon has deleted it', async () => {
  const { requests, uploads, outgoing, sent } = start()
  outgoing.send('1', '', [new File(['x'], 'a.txt', { type: 'text/plain' })], null)
  await expect.poll(() => outgoing.of('1')[0]?.error?.code).toBe('daemon_offline')
  requests.answers['messages.send'] = () => {
    throw new RequestError('media_not_found', 'There is no file of this id.')
  }
  outgoing.resume()
  await expect.poll(() => outgoing.of('1')[0]?.error?.code).toBe('media_not_found')
  expect([uploads.length, sent().length]).toEqual([1, 2])
  requests.answers['messages.send'] = () => ({ messageId: 'A' })
  outgoing.retry(outgoing.of('1')[0]?.clientMessageId ?? '')
  await expect.poll(() => outgoing.of('1')[0]?.messageId).toBe('A')
  expect(uploads).toHaveLength(2)
})

test('a template goes as one, with what the person gets shown meanwhile', async () => {
  const { requests, outgoing, sent } = start()
  requests.answers['messages.send'] = () => ({ messageId: 'A' })
  const template = { name: 'order_ready', language: 'en', variables: { name: 'Ana' } }
  outgoing.sendTemplate('1', 'Hello Ana', template)
  expect(outgoing.of('1').map(({ text }) => text)).toEqual(['Hello Ana'])
  await expect
    .poll(() => sent())
    .toEqual([{ account: 'default', conversation: '1', clientMessageId: expect.any(String), template }])
})

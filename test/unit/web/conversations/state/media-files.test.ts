import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { MediaFiles } from '../../../../../src/web/conversations/state/media-files.ts'

/** A daemon that takes the last token that was handed out, and has every file but `gone`. */
async function start() {
  let tokens = 0
  let valid = 'token 1'
  const server = createServer(({ headers, url = '' }, response) => {
    const isValid = headers.authorization === `Bearer ${valid}`
    const status = isValid ? (url.endsWith('gone') ? 404 : 200) : 401
    const error = { code: 'media_not_found', message: 'There is no file of this id.' }
    response.writeHead(status, { 'Content-Type': status === 200 ? 'image/png' : 'application/json' })
    response.end(status === 200 ? 'bytes' : JSON.stringify({ error }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const media = new MediaFiles({
    url: `ws://127.0.0.1:${port}/v1/ws`,
    token: () => {
      tokens += 1
      return Promise.resolve(`token ${tokens}`)
    },
    account: 'default',
    changed: () => {},
  })
  onTestFinished(() => media.close())
  return { media, tokens: () => tokens, expire: () => (valid = 'token 2') }
}

test('all files are asked for with one token, until the daemon refuses it', async () => {
  const { media, tokens, expire } = await start()
  const load = (ids: string[]) => Promise.all(ids.map((id) => media.load(id)))
  await load(['a', 'b', 'c'])
  expect(tokens()).toBe(1)
  expire()
  await load(['d', 'e', 'f'])
  expect(['a', 'f'].map((id) => media.get(id)?.state)).toEqual(['ready', 'ready'])
  expect(tokens()).toBe(2)
})

test('why a download failed is told, until it works', async () => {
  const { media } = await start()
  const saved: number[] = []
  await media.download('gone', ({ size }) => saved.push(size))
  expect(media.refusal('gone')?.code).toBe('media_not_found')
  await media.download('a', ({ size }) => saved.push(size))
  expect([media.refusal('a'), saved]).toEqual([null, [5]])
})

test('a sound plays once for each time that a person asks, and only the last one', async () => {
  const { media } = await start()
  await media.play('a')
  await media.play('b')
  expect([media.takePressed('a'), media.takePressed('b'), media.takePressed('b')]).toEqual([
    false,
    true,
    false,
  ])
  await media.play('c')
  media.forgetPressed()
  expect(media.takePressed('c')).toBe(false)
})

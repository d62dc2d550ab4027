import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { messageStream } from '../../../../../src/agents/connectors/acp/message-stream.ts'

function streamOf(updated: (params: unknown) => Promise<void> | void = () => {}) {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()]
  const { readable, writable } = messageStream({ stdin, stdout, updated })
  return { stdin, stdout, reader: readable.getReader(), writer: writable.getWriter() }
}

const request = (id: number): string => `${JSON.stringify({ jsonrpc: '2.0', id, method: 'ask' })}\n`

describe('the messages of a program', () => {
  it('are its lines, in whatever pieces they come', async () => {
    const { stdout, reader } = streamOf()
    const bytes = Buffer.from('{"jsonrpc":"2.0","id":1,"result":"größer"}\n')
    for (const byte of bytes) stdout.write(Buffer.from([byte]))
    expect((await reader.read()).value).toEqual({ jsonrpc: '2.0', id: 1, result: 'größer' })
  })

  it('come behind all updates that were written before them', async () => {
    const seen: unknown[] = []
    const { stdout, reader } = streamOf(async (params) => {
      await new Promise((resolve) => setImmediate(resolve))
      seen.push(params)
    })
    for (const params of [1, 2])
      stdout.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params })}\n`)
    stdout.write('{"jsonrpc":"2.0","id":1,"result":{}}\n')
    await reader.read()
    expect(seen).toEqual([1, 2])
  })

  it('are read no faster than their updates are handled', async () => {
    const { stdout, reader } = streamOf(() => new Promise(() => {}))
    void reader.read()
    const line = `${JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params: 'x'.repeat(10_000) })}\n`
    const taken = Array.from({ length: 100 }, () => stdout.write(line))
    await new Promise((resolve) => setImmediate(resolve))
    expect(taken.at(-1)).toBe(false)
    expect(stdout.readableLength + stdout.writableLength).toBeGreaterThan(500_000)
  })

  it('are found behind lines that are none', async () => {
    const { stdout, reader } = streamOf()
    stdout.write('Welcome!\n\n[1,2]\n7\n{"id":1}\n{"jsonrpc":"2.0","id":2,"result":1}\n')
    expect((await reader.read()).value).toMatchObject({ id: 2 })
  })

  it.each([
    { what: 'lines that are none, without end', text: 'noise\n'.repeat(60_000) },
    { what: 'a line without end', text: 'x'.repeat(25 * 1_024 * 1_024) },
  ])('end where there are only $what', async ({ text }) => {
    const { stdout, reader } = streamOf()
    stdout.end(text)
    await expect(reader.read()).rejects.toMatchObject({ code: 'bad_answer' })
  })

  it('are read no further while 64 questions of the agent wait for an answer', async () => {
    const { stdout, reader, writer } = streamOf()
    for (let id = 0; id < 65; id += 1) stdout.write(request(id))
    for (let id = 0; id < 64; id += 1) await reader.read()
    let isRead = false
    const last = reader.read().then(() => (isRead = true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(isRead).toBe(false)
    await writer.write({ jsonrpc: '2.0', id: 3, result: {} })
    await last
  })
})

describe('the messages to a program', () => {
  it('wait for one that does not read, and end with it', async () => {
    const { stdin, writer } = streamOf()
    const large = writer.write({ jsonrpc: '2.0', method: 'x', params: 'y'.repeat(100_000) })
    let isWritten = false
    void large.then(() => (isWritten = true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(isWritten).toBe(false)
    stdin.destroy()
    await large
  })

  it('leave nothing behind on its input, however large they are', async () => {
    const { stdin, writer } = streamOf()
    stdin.resume()
    const counts = (): number[] => ['drain', 'close', 'error'].map((name) => stdin.listenerCount(name))
    const before = counts()
    for (let count = 0; count < 3; count += 1)
      await writer.write({ jsonrpc: '2.0', method: 'x', params: 'y'.repeat(100_000) })
    expect(counts()).toEqual(before)
  })
})

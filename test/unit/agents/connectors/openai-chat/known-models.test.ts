import { expect, it, vi } from 'vitest'
import { KnownModels } from '../../../../../src/agents/connectors/openai-chat/known-models.ts'

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('asks the server once a minute at most, waits for it never, and keeps what it knows while it is away', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  try {
    const list = vi.fn(async () => ['gemma3'])
    const known = new KnownModels(list)
    expect([known.names, known.names]).toEqual([[], []])
    await settle()
    expect(known.names).toEqual(['gemma3'])
    expect(list).toHaveBeenCalledTimes(1)
    list.mockRejectedValue(new Error('away'))
    vi.advanceTimersByTime(60_000)
    expect(known.names).toEqual(['gemma3'])
    await settle()
    expect(known.names).toEqual(['gemma3'])
    expect(list).toHaveBeenCalledTimes(2)
  } finally {
    vi.useRealTimers()
  }
})

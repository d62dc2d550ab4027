import { expect } from 'vitest'
import { OpenAiServer } from '../../support/openai-server.ts'
import { type Behaviour, describeConnector } from './connector-contract.ts'

const MODELS: Readonly<Record<Behaviour, string>> = {
  answers: 'good',
  talks: 'slow',
  hangs: 'silent',
  refuses: 'unauthorized',
  breaks: 'dropped',
  floods: 'endless',
  babbles: 'endless-line',
}

let server: OpenAiServer

describeConnector('openai-chat', {
  behaviours: ['answers', 'talks', 'hangs', 'refuses', 'breaks', 'floods', 'babbles'],
  start: async () => {
    server = await OpenAiServer.start()
  },
  stop: () => server.stop(),
  settings: (behaviour) => ({
    baseUrl: server.baseUrl,
    model: MODELS[behaviour],
    apiKey: { env: 'CHAT_KEY' },
  }),
  released: async (behaviour) => {
    const isOpen = async (): Promise<boolean> =>
      (await server.requestsFor(MODELS[behaviour])).some(({ aborted }) => !aborted)
    await expect.poll(isOpen).toBe(false)
  },
  env: { CHAT_KEY: OpenAiServer.KEY },
  secret: OpenAiServer.KEY,
})

import { expect } from 'vitest'
import { OpenAiServer } from '../../support/openai-server.ts'
import { allShown, type Behaviour, describeConnector } from './connector-contract.ts'

const MODELS = {
  answers: 'good',
  talks: 'slow',
  hangs: 'silent',
  refuses: 'unauthorized',
  breaks: 'dropped',
  floods: 'endless',
  'never ends': 'endless',
  babbles: 'endless-line',
  'says nothing': 'wordless',
  'comes back': 'dropped-once',
  'starts slowly': 'loading-once',
} as const satisfies Record<Behaviour, string>

let server: OpenAiServer

describeConnector('openai-chat', {
  behaviours: allShown(MODELS),
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

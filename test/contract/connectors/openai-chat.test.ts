import { expect } from 'vitest'
import { OpenAiServer } from '../../support/openai-server.ts'
import { type Behaviour, describeConnector } from './connector-contract.ts'

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
} as const satisfies Partial<Record<Behaviour, string>>

function modelOf(behaviour: Behaviour): string {
  const models: Partial<Record<Behaviour, string>> = MODELS
  return models[behaviour] ?? behaviour
}

let server: OpenAiServer

describeConnector('openai-chat', {
  // The keys of the table.
  behaviours: Object.keys(MODELS) as Behaviour[],
  start: async () => {
    server = await OpenAiServer.start()
  },
  stop: () => server.stop(),
  settings: (behaviour) => ({
    baseUrl: server.baseUrl,
    model: modelOf(behaviour),
    apiKey: { env: 'CHAT_KEY' },
  }),
  released: async (behaviour) => {
    const isOpen = async (): Promise<boolean> =>
      (await server.requestsFor(modelOf(behaviour))).some(({ aborted }) => !aborted)
    await expect.poll(isOpen).toBe(false)
  },
  env: { CHAT_KEY: OpenAiServer.KEY },
  secret: OpenAiServer.KEY,
})

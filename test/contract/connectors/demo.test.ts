import { type Shown, describeConnector } from './connector-contract.ts'

const NEVER: Shown = { never: 'nobody is on the other side: a script of our own answers' }

describeConnector('demo', {
  behaviours: {
    answers: 'shown',
    talks: NEVER,
    hangs: NEVER,
    refuses: NEVER,
    breaks: NEVER,
    floods: NEVER,
    babbles: NEVER,
    'never ends': NEVER,
    'says nothing': NEVER,
    'comes back': NEVER,
    'starts slowly': NEVER,
  },
  words: /^Hello.*!.*> what is my PIN 4711\?.*I am the assistant of this demo/s,
  start: async () => {},
  stop: async () => {},
  settings: () => ({}),
  released: async () => {},
  env: {},
  secret: null,
})

// An OpenAI-compatible chat server in a process of its own. The model's name decides how it behaves. It prints its port
// and answers GET /requests with everything it was asked, and GET /go-on when every answer that is held goes on.
import { createServer } from 'node:http'

const KEY = 'sk-test-key-0123456789'
const requests = []
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const held = []

/** What a person wrote, without the block of facts in front of it. */
const withoutFacts = (text) => text.replace(/\[turn (\S+): [^]*?\n\[\/turn \1\]\n\n/, '')

function chunk(delta, finish = null) {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'test',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  }
}

const frame = (value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`
const usage = {
  ...chunk({}),
  choices: [],
  usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
}
const answer = (text) =>
  [
    chunk({ role: 'assistant', content: '' }),
    ...text.match(/.{1,4}/gsu).map((content) => chunk({ content })),
  ].map(frame)
const end = [chunk({}, 'stop'), usage, '[DONE]'].map(frame)

/** Until the other side reads on, or hangs up. */
function drained(response) {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}

function stream(response) {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
}

function json(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

const failure = (status, code) => (response, body, key) =>
  json(response, status, {
    error: {
      message: `Incorrect API key provided: ${key}. You asked: ${body.messages.at(-1).content}`,
      type: 'invalid_request_error',
      code,
    },
  })

const behaviours = {
  async good(response, body) {
    stream(response)
    for (const part of [...answer(`You said: ${withoutFacts(body.messages.at(-1).content)}`), ...end])
      response.write(part)
    response.end()
  },
  async bytes(response) {
    stream(response)
    for (const byte of Buffer.from(
      [...answer('Grüße 👩‍🚀 – 你好'), ...end].join('').replaceAll('\n', '\r\n'),
    )) {
      response.write(Buffer.from([byte]))
      if (byte === 0x0d || byte > 0x7f) await pause(1)
    }
    response.end()
  },
  async comments(response) {
    stream(response)
    response.write(': keep-alive\n\nevent: message\nid: 1\n')
    for (const part of answer('still here')) response.write(part.replace('data: ', 'data:'))
    response.end('data: [DONE]')
  },
  async paragraphs(response) {
    stream(response)
    for (const part of answer('**First** paragraph.\n\n')) response.write(part)
    await new Promise((resolve) => held.push(resolve))
    for (const part of [...answer('Second paragraph.'), ...end]) response.write(part)
    response.end()
  },
  async whole(response) {
    json(response, 200, {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content: 'all at once' }, finish_reason: 'stop' }],
    })
  },
  async 'no-done'(response) {
    stream(response)
    response.end([...answer('complete'), frame(chunk({}, 'stop'))].join(''))
  },
  async dropped(response) {
    stream(response)
    response.write(answer('half of an ans').join(''))
    await pause(20)
    response.destroy()
  },
  /** The first, the third, … time. */
  async 'dropped-once'(response, body) {
    return isOdd('dropped-once') ? behaviours.dropped(response) : behaviours.good(response, body)
  },
  /** As servers say while they still load the model. */
  async 'loading-once'(response, body) {
    if (!isOdd('loading-once')) return behaviours.good(response, body)
    json(response, 503, { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } })
  },
  async wordless(response) {
    stream(response)
    response.end([frame(chunk({ role: 'assistant', content: '' })), ...end].join(''))
  },
  async truncated(response) {
    stream(response)
    response.end(answer('half of an ans').join(''))
  },
  async silent(response) {
    stream(response)
    response.write(frame(chunk({ role: 'assistant', content: '' })))
  },
  /** A word now and then, until the other side hangs up. */
  async slow(response) {
    stream(response)
    for (let word = 1; !response.destroyed; word += 1) {
      response.write(frame(chunk({ content: `${word} ` })))
      await pause(20)
    }
  },
  /** As fast as the other side reads. */
  async endless(response) {
    stream(response)
    const words = frame(chunk({ content: 'and so on '.repeat(100) }))
    while (!response.destroyed) {
      if (!response.write(words)) await drained(response)
    }
  },
  async 'endless-line'(response) {
    stream(response)
    response.write('data: ')
    while (!response.destroyed) {
      if (!response.write('x'.repeat(65_536))) await drained(response)
    }
  },
  async 'error-in-stream'(response) {
    stream(response)
    response.end(frame({ error: { message: 'the secret prompt', type: 'server_error', code: 'overloaded' } }))
  },
  async garbage(response) {
    stream(response)
    response.end('data: {not json\n\n')
  },
  async html(response) {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end('<html>login first</html>')
  },
  async redirect(response) {
    response.writeHead(302, { location: 'http://127.0.0.1:1/' })
    response.end()
  },
  async 'busy-once'(response, body) {
    const asked = requests.filter(({ body: { model } }) => model === 'busy-once').length
    if (asked === 1)
      return json(response, 429, { error: { code: 'rate_limit_exceeded' } }, { 'retry-after': '0' })
    return behaviours.good(response, body)
  },
  unauthorized: failure(401, 'invalid_api_key'),
  limited: async (response) =>
    json(response, 429, { error: { code: 'insufficient_quota' } }, { 'retry-after': '3600' }),
  broken: async (response) =>
    json(response, 500, { error: { type: 'server_error' } }, { 'retry-after': '0' }),
  missing: failure(404, 'model_not_found'),
}

/** Whether this model was asked so often. */
function isOdd(name) {
  return requests.filter(({ body: { model } }) => model === name).length % 2 === 1
}

const server = createServer((request, response) => {
  if (request.url === '/requests') return json(response, 200, requests)
  if (request.url === '/go-on') {
    for (const goOn of held.splice(0)) goOn()
    return json(response, 200, {})
  }
  let text = ''
  request.on('data', (bytes) => (text += bytes))
  const answer = async () => {
    const body = JSON.parse(text)
    const key = request.headers.authorization?.replace('Bearer ', '') ?? null
    const entry = { url: request.url, key, body, aborted: false }
    requests.push(entry)
    response.on('close', () => (entry.aborted = !response.writableFinished))
    if (request.url !== '/v1/chat/completions') return json(response, 404, { error: 'no such path' })
    if (body.model === 'good' && key !== KEY) return failure(401, 'invalid_api_key')(response, body, key)
    await behaviours[body.model](response, body, key)
  }
  request.on('end', () => void answer())
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.on('disconnect', () => process.exit())

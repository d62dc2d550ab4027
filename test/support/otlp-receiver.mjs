/**
 * Takes traces by OTLP/HTTP in protobuf, in a process of its own, and decodes them with OpenTelemetry's published definitions. Prints its port;
 * `GET /spans` answers everything that came, as JSON; `GET /bytes` how it came.
 */
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { opentelemetry } = require('@opentelemetry/otlp-proto-exporter-base/build/src/generated/root.js')
const { ExportTraceServiceRequest } = opentelemetry.proto.collector.trace.v1

const spans = []
const bodies = []

createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(request.url === '/bytes' ? Buffer.concat(bodies) : JSON.stringify(spans))
    return
  }
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    bodies.push(body)
    const isExpected =
      request.url === '/v1/traces' && request.headers['content-type'] === 'application/x-protobuf'
    if (isExpected) spans.push(...spansIn(ExportTraceServiceRequest.decode(body), request.headers))
    response.writeHead(isExpected ? 200 : 400, { 'content-type': 'application/x-protobuf' }).end()
  })
}).listen(0, '127.0.0.1', function () {
  process.stdout.write(`${this.address().port}\n`)
})

function spansIn(message, headers) {
  return message.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap((scope) =>
      scope.spans.map((span) => ({
        name: span.name,
        traceId: hex(span.traceId),
        spanId: hex(span.spanId),
        parentSpanId: hex(span.parentSpanId),
        startedAt: Number(span.startTimeUnixNano) / 1e6,
        endedAt: Number(span.endTimeUnixNano) / 1e6,
        isError: span.status?.code === 2,
        links: span.links.map(({ traceId }) => hex(traceId)),
        attributes: valuesOf(span.attributes),
        resource: valuesOf(resource.attributes),
        token: headers['x-token'] ?? null,
      })),
    ),
  )
}

function valuesOf(attributes) {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue || Number(value.intValue ?? value.doubleValue ?? 0),
    ]),
  )
}

function hex(bytes) {
  return Buffer.from(bytes ?? []).toString('hex')
}

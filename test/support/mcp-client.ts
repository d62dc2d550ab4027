import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Client as EarlierClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as EarlierStdioTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as EarlierHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { BUILT_MAIN } from './command-line.ts'

/** What a call of a tool answered. */
export interface ToolAnswer {
  isError: boolean
  text: string
  fields: Record<string, unknown>
  content: Record<string, unknown>[]
}

/** What the tests ask of a client, whichever library it is. */
export interface TestMcpClient {
  tools(): Promise<{ name: string; annotations?: unknown; inputSchema: unknown; outputSchema?: unknown }[]>
  call(name: string, given?: Record<string, unknown>): Promise<ToolAnswer>
  /** One page of them. */
  resources(cursor?: string): Promise<{ resources: { uri: string; name: string }[]; nextCursor?: string }>
  read(uri: string): Promise<string>
  close(): Promise<void>
}

const ABOUT = { name: 'a-client-of-this-test', version: '1.0.0' }

export async function connectHttp(url: string, token: string): Promise<TestMcpClient> {
  const client = new Client(ABOUT)
  await client.connect(new StreamableHTTPClientTransport(new URL(url), withToken(token)))
  return asTestClient(client)
}

/** The client of version 1 of the SDK. */
export async function connectHttpEarlier(url: string, token: string): Promise<TestMcpClient> {
  const client = new EarlierClient(ABOUT)
  await client.connect(new EarlierHttpTransport(new URL(url), withToken(token)))
  return asTestClient(client)
}

export async function connectStdio(stateDir: string, ...options: string[]): Promise<TestMcpClient> {
  const client = new Client(ABOUT)
  await client.connect(new StdioClientTransport(program(stateDir, options)))
  return asTestClient(client)
}

export async function connectStdioEarlier(stateDir: string, ...options: string[]): Promise<TestMcpClient> {
  const client = new EarlierClient(ABOUT)
  await client.connect(new EarlierStdioTransport(program(stateDir, options)))
  return asTestClient(client)
}

function withToken(token: string): { requestInit: RequestInit } {
  return { requestInit: { headers: { authorization: `Bearer ${token}` } } }
}

function program(stateDir: string, options: string[]) {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', WHATSAPPD_STATE_DIR: stateDir }
  return { command: process.execPath, args: [BUILT_MAIN, 'mcp', ...options], env }
}

function asTestClient(client: Client | EarlierClient): TestMcpClient {
  // Both have the same methods; what they answer is checked by the tests.
  const any = client as unknown as {
    listTools(): Promise<{ tools: Awaited<ReturnType<TestMcpClient['tools']>> }>
    callTool(call: object): Promise<{
      isError?: boolean
      content: (Record<string, unknown> & { text?: string })[]
      structuredContent?: Record<string, unknown>
    }>
    listResources(page?: object): Promise<{ resources: { uri: string; name: string }[]; nextCursor?: string }>
    readResource(request: object): Promise<{ contents: { text?: string; blob?: string }[] }>
    close(): Promise<void>
  }
  return {
    tools: async () => (await any.listTools()).tools,
    call: async (name, given = {}) => {
      const answer = await any.callTool({ name, arguments: given })
      return {
        isError: answer.isError ?? false,
        text: answer.content.map(({ text }) => text ?? '').join('\n'),
        fields: answer.structuredContent ?? {},
        content: answer.content,
      }
    },
    resources: (cursor) => any.listResources(cursor === undefined ? { cursor: undefined } : { cursor }),
    read: async (uri) =>
      (await any.readResource({ uri })).contents.map(({ text, blob }) => text ?? blob ?? '').join(''),
    close: () => any.close(),
  }
}

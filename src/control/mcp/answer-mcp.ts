import { createMcpHandler } from '@modelcontextprotocol/server'
import type { Scope } from '../../protocol/tokens/scopes.ts'
import type { CallMethod } from './call-method.ts'
import { createMcpServer } from './create-mcp-server.ts'
import type { McpFiles } from './mcp-files.ts'

/**
 * Answers one HTTP request as MCP's streamable HTTP says, for clients of every revision that the SDK knows. Nothing is kept between
 * requests: there are no sessions, and no streams that stay open.
 */
export function answerMcp(
  request: Request,
  options: { version: string; scopes: readonly Scope[]; call: CallMethod; files: McpFiles },
): Promise<Response> {
  return createMcpHandler(() => createMcpServer(options), { maxSubscriptions: 0 }).fetch(request)
}

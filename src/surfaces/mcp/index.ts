export { createMcpApp } from './mcp-app.ts'
export { serveMcpStdio } from './mcp-stdio.ts'
export { mcpOffers } from './tool-catalogue.ts'

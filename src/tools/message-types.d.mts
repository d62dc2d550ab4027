import type { Plugin } from 'esbuild'

export declare const messageTypes: Plugin

import type { Plugin } from 'esbuild'

export declare function leanZod(text: string): string
export declare const lazyZod: Plugin

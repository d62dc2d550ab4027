import type { ConfigEditor, ConfigSource } from '../../config/config.ts'
import type { MethodResult, ParsedParams } from '../../protocol/methods.ts'
import { toConfigView } from '../config-view.ts'
import { resolveAccount } from '../resolve-account.ts'
import type { NamespaceHandlers } from './handlers.ts'

type Edit = 'addAllowFrom' | 'removeAllowFrom' | 'setAllowFrom'

export interface ConfigHandlerDependencies {
  config: ConfigSource & ConfigEditor
  configPath: () => string | null
}

export function configHandlers(dependencies: ConfigHandlerDependencies): NamespaceHandlers<'config'> {
  const { config, configPath } = dependencies
  const edit =
    (method: Edit) =>
    ({
      account,
      allowFrom,
      revision,
    }: ParsedParams<`config.${Edit}`>): Promise<MethodResult<`config.${Edit}`>> =>
      config[method](allowFrom, { account: resolveAccount(config.current, account), revision })
  return {
    'config.get': () => toConfigView(config, configPath()),
    'config.addAllowFrom': edit('addAllowFrom'),
    'config.removeAllowFrom': edit('removeAllowFrom'),
    'config.setAllowFrom': edit('setAllowFrom'),
    'config.update': ({ changes, revision, confirm }) =>
      config.update(
        changes.map((change) => ({ ...change, path: segmentsOf(change.path) })),
        { revision, confirm },
      ),
  }
}

/** A text is dotted; names that have a dot themselves come in a list. */
function segmentsOf(path: string | readonly string[]): readonly string[] {
  return typeof path === 'string' ? path.split('.') : path
}

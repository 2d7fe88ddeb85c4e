// data-computed:name="expression" or data-computed="{name: () => expression}": a signal that
// follows others. __case.
import type { AttributePlugin } from '../engine/plugins'
import { definePath, isPlain } from '../signals/store'

export const computed: AttributePlugin = {
  name: 'computed',
  requirement: { value: 'must' },
  returnsValue: true,
  apply({ key, rx, error }) {
    if (key !== undefined) {
      definePath(key, rx)
      return
    }
    const define = (tree: unknown, prefix: string): void => {
      if (!isPlain(tree)) throw error('ComputedExpectedFunction', prefix.slice(0, -1))
      for (const [name, read] of Object.entries(tree)) {
        if (typeof read === 'function') definePath(prefix + name, read as () => unknown)
        else define(read, `${prefix}${name}.`)
      }
    }
    define(rx(), '')
  },
}

// data-signals="{count: 0}" or data-signals:count="0": declares signals. __ifmissing leaves what
// exists. __case.
import type { AttributePlugin } from '../engine/plugins'
import { mergePatch, mergePaths, type Plain } from '../signals/store'

export const signals: AttributePlugin = {
  name: 'signals',
  returnsValue: true,
  apply({ key, value, mods, rx }) {
    const ifMissing = mods.has('ifmissing')
    const declared = value ? rx() : ''
    if (key !== undefined) mergePaths([[key, declared]], { ifMissing })
    else if (declared) mergePatch(declared as Plain, { ifMissing, nulls: true })
  },
}

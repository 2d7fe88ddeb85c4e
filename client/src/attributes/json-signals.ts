// data-json-signals or data-json-signals="{include, exclude}": the signals as JSON text. __terse.
import type { AttributePlugin } from '../engine/plugins'
import { ownContent } from '../morph/served'
import { filtered, type Filter } from '../signals/filter'

export const jsonSignals: AttributePlugin = {
  name: 'json-signals',
  requirement: { key: 'denied' },
  returnsValue: true,
  apply({ el, attribute, value, mods, rx, effect }) {
    const filter = (value ? rx() : {}) as Filter
    ownContent(el, attribute)
    return effect(() => {
      el.textContent = JSON.stringify(filtered(filter), null, mods.has('terse') ? 0 : 2)
    })
  },
}

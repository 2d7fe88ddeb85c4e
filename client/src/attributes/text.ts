// data-text="expression": the element's text.
import type { AttributePlugin } from '../engine/plugins'
import { ownContent } from '../morph/served'

export const text: AttributePlugin = {
  name: 'text',
  requirement: { key: 'denied', value: 'must' },
  returnsValue: true,
  apply({ el, attribute, rx, effect }) {
    ownContent(el, attribute)
    return effect(() => {
      const value = `${rx() as string}`
      if (el.textContent !== value) el.textContent = value
    })
  },
}

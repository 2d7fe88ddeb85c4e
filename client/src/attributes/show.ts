// data-show="expression": hides the element while the expression is false.
import type { AttributePlugin } from '../engine/plugins'

export const show: AttributePlugin = {
  name: 'show',
  requirement: { key: 'denied', value: 'must' },
  returnsValue: true,
  apply({ el, rx, effect }) {
    const stop = effect(() => {
      if (!rx()) el.style.setProperty('display', 'none')
      else if (el.style.display === 'none') el.style.removeProperty('display')
    })
    return () => {
      stop()
      if (el.style.display === 'none') el.style.removeProperty('display')
    }
  },
}

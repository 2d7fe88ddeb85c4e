// data-style:property="expression" or data-style="{property: expression}": inline styles.
import type { AttributePlugin } from '../engine/plugins'
import { kebab } from '../engine/grammar'

export const style: AttributePlugin = {
  name: 'style',
  requirement: { value: 'must' },
  returnsValue: true,
  apply({ el, rawKey, rx, effect }) {
    const initial = new Map<string, [string, string]>()
    const restore = (name: string): void =>
      el.style.setProperty(name, ...(initial.get(name) ?? ['', '']))
    const write = (name: string, value: unknown): void => {
      if (!initial.has(name))
        initial.set(name, [el.style.getPropertyValue(name), el.style.getPropertyPriority(name)])
      if (!value && value !== 0) restore(name)
      else {
        const [, words = '', important] = /^(.*?)\s*(!important)?$/s.exec(String(value)) ?? []
        el.style.setProperty(name, words, important ? 'important' : '')
      }
    }
    const stop = effect(() => {
      const value = rx()
      if (rawKey !== undefined) write(rawKey, value)
      else
        for (const [name, one] of Object.entries(Object(value)))
          write(name.startsWith('--') ? name : kebab(name), one)
    })
    return () => {
      stop()
      for (const name of initial.keys()) restore(name)
    }
  },
}

// Which signals: filters over dotted paths, and the plain snapshot that a request sends.
import { allData, anyChange, Derived, isPlain, raw, type Plain } from './store'
import { tracking } from './reactive'

export interface Filter {
  include?: RegExp | string | undefined
  exclude?: RegExp | string | undefined
}

type Test = (path: string) => boolean

function test(value: RegExp | string | undefined, otherwise: boolean): Test {
  if (value === undefined) return () => otherwise
  const source = raw(value)
  const expression = typeof source === 'string' ? new RegExp(source) : source
  return (path) => {
    expression.lastIndex = 0
    return expression.test(path)
  }
}

/** Whether a dotted path passes. A filter that says nothing passes everything. */
export function passes({ include, exclude }: Filter): Test {
  const wanted = test(include, true)
  const unwanted = test(exclude, false)
  return (path) => wanted(path) && !unwanted(path)
}

/** What JSON can say of a value: elements, functions and other machinery stay out of requests. */
function sendable(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol' || value === undefined) return false
  if (typeof value !== 'object' || value === null) return true
  return typeof (value as { toJSON?: unknown }).toJSON === 'function'
}

/** A plain, nested copy of the signals that pass, ready for JSON. Subscribes to the whole store. */
export function filtered(filter: Filter = {}, source: Plain = allData()): Plain {
  if (tracking()) anyChange()
  const wanted = test(filter.include, true)
  const unwanted = test(filter.exclude, false)

  const take = (value: unknown, path: string, inList: boolean): unknown => {
    const here = value instanceof Derived ? raw(value.read_()) : value
    if (Array.isArray(here)) {
      return inList || wanted(path)
        ? here.map((item, at) => take(item, `${path}.${at}`, true) ?? null)
        : undefined
    }
    if (!isPlain(here)) return sendable(here) && (inList || wanted(path)) ? here : undefined
    const result: Plain = {}
    let some = false
    for (const key of Object.keys(here)) {
      const name = path ? `${path}.${key}` : key
      if (unwanted(name)) continue
      const inner = take(here[key], name, inList)
      if (inner === undefined) continue
      result[key] = inner
      some = true
    }
    return some || inList || (path && !filter.include && !Object.keys(here).length)
      ? result
      : undefined
  }

  return (take(raw(source), '', false) as Plain | undefined) ?? {}
}

/** Visits every leaf of the store by dotted path. */
export function leaves(
  visit: (path: string, value: unknown) => void,
  source: Plain = allData(),
  prefix = '',
): void {
  for (const key of Object.keys(source)) {
    const value = source[key]
    if (isPlain(value)) leaves(visit, value, `${prefix}${key}.`)
    else if (!(value instanceof Derived)) visit(prefix + key, value)
  }
}

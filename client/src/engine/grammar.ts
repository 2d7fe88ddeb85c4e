// The attribute grammar: data-PLUGIN[:KEY][__MOD[.ARG…]]…, the casing of keys, and durations.

export type Mods = Map<string, Set<string>>

export interface Name {
  plugin: string
  /** As written, in the lower case that HTML makes of it. */
  rawKey: string | undefined
  mods: Mods
}

/** Plugins that may also be written with a hyphen: data-on-click for data-on:click. */
const HYPHENATED = [
  'signals',
  'bind',
  'computed',
  'on',
  'class',
  'attr',
  'style',
  'ref',
  'indicator',
]

/** Elements that fire a load event of their own. */
const LOADS =
  /^(img|iframe|script|link|object|embed|style|input|body|frame|video|audio|track|svg|image)$/

/** Reads an attribute's name; `undefined` if no plugin answers to it. */
export function parseName(
  attribute: string,
  el: Element,
  known: (plugin: string) => boolean,
): Name | undefined {
  const [head = '', ...rest] = attribute.slice(5).split('__')
  const mods: Mods = new Map()
  let rawKey: string | undefined
  for (const part of rest) {
    // `__ifmissing:count`: a key written after its modifiers still is the key.
    const [mod = '', key] = splitOnce(part, ':')
    rawKey ??= key
    const [name = '', ...args] = mod.split('.')
    mods.set(name, new Set(args))
  }
  const [plugin = '', key] = splitOnce(head, ':')
  rawKey = key ?? rawKey
  const name = known(plugin) ? { plugin, rawKey, mods } : hyphenated(plugin, rawKey, mods)
  if (!name) return undefined
  if (name.plugin === 'on' && name.rawKey === 'interval')
    return { ...name, plugin: 'on-interval', rawKey: undefined }
  if (name.plugin === 'on' && name.rawKey === 'load' && !LOADS.test(el.localName)) {
    return { ...name, plugin: 'init', rawKey: undefined }
  }
  return known(name.plugin) ? name : undefined
}

function hyphenated(head: string, rawKey: string | undefined, mods: Mods): Name | undefined {
  if (rawKey !== undefined || head === 'on-signal-patch-filter') return undefined
  const plugin = HYPHENATED.find((name) => head.startsWith(`${name}-`))
  return plugin ? { plugin, rawKey: head.slice(plugin.length + 1), mods } : undefined
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

export const kebab = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/_/g, '-')
    .toLowerCase()

export const camel = (name: string): string =>
  name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

const CASES: Record<string, (name: string) => string> = {
  camel,
  kebab,
  snake: (name) => kebab(name).replace(/-/g, '_'),
  pascal: (name) => camel(name).replace(/^[a-z]/, (letter) => letter.toUpperCase()),
}

/** A key in the case its `__case` modifier asks for, else in the plugin's own. */
export function cased(key: string, mods: Mods, otherwise: 'camel' | 'kebab'): string {
  const [wanted] = mods.get('case') ?? []
  return (CASES[wanted ?? otherwise] ?? CASES[otherwise]!)(key)
}

/** `500ms`, `1s`, or a bare number of milliseconds, among a modifier's arguments. */
export function duration(args: Set<string> | undefined, otherwise: number): number {
  for (const arg of args ?? []) {
    const [, amount, unit] = /^(\d+)(ms|s)?$/.exec(arg) ?? []
    if (amount) return Number(amount) * (unit === 's' ? 1000 : 1)
  }
  return otherwise
}

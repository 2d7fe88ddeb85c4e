// Finds data-* attributes, binds them to their plugins, and keeps the bindings equal to the page:
// one observer sees every change of the document.
import { batch, effect, untracked } from '../signals/reactive'
import { own, release, releaseAll, type Cleanup } from './cleanup'
import { compileAll, compiled, SyntaxProblem, type Compiled, type Source } from './compile'
import { attributesOf } from './dom'
import { fail, problem, report } from './errors'
import { cased, parseName, type Name } from './grammar'
import { runAction } from './actions'
import { actionPlugins, attributes, onAttribute, type AttributePlugin, type Need } from './plugins'
import { root } from '../signals/store'
import { noteForeign, noteServed } from '../morph/served'

interface Binding {
  el: HTMLElement
  attribute: string
  value: string
  name: Name
  plugin: AttributePlugin
  source: Source
}

const roots = new Set<Node>()
/** What each attribute was bound with: the same value again changes nothing. */
const bound = new WeakMap<Element, Map<string, string>>()
const known = (plugin: string): boolean => attributes.has(plugin)

function collect(el: Element, into: Binding[], only?: AttributePlugin): void {
  if (el.hasAttribute('data-cloak')) el.removeAttribute('data-cloak')
  for (const { name, value } of attributesOf(el)) {
    if (name.startsWith('data-')) collectOne(el, name, value, into, only)
  }
}

function collectOne(
  el: Element,
  attribute: string,
  value: string,
  into: Binding[],
  only?: AttributePlugin,
): void {
  const name = parseName(attribute, el, known)
  const plugin = name && attributes.get(name.plugin)
  if (!plugin || (only && plugin !== only)) return
  if (bound.get(el)?.get(attribute) === value) return
  const source = {
    text: value,
    returns: plugin.returnsValue ?? false,
    args: plugin.argNames ?? [],
  }
  into.push({ el: el as HTMLElement, attribute, value, name, plugin, source })
}

/** Every element of a tree that may be bound, in document order. */
function* elements(top: Node): Generator<Element> {
  if (top instanceof Element && top.closest('[data-ignore]')) return
  const walker = document.createTreeWalker(top, NodeFilter.SHOW_ELEMENT, (node) =>
    (node as Element).hasAttribute('data-ignore')
      ? NodeFilter.FILTER_REJECT
      : NodeFilter.FILTER_ACCEPT,
  )
  if (top instanceof Element && !top.hasAttribute('data-ignore__self')) yield top
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!(node as Element).hasAttribute('data-ignore__self')) yield node as Element
  }
}

function bindAll(bindings: Binding[]): void {
  if (!bindings.length) return
  compileAll(
    bindings.filter(({ plugin, value }) => !plugin.literal && value).map(({ source }) => source),
  )
  untracked(() => batch(() => bindings.forEach(bind)))
}

function check(need: Need | undefined, present: boolean, which: 'Key' | 'Value'): void {
  if (need === 'must' && !present) fail(`${which}Required`)
  if (need === 'denied' && present) fail(`${which}NotAllowed`)
}

function checkRequirement({ requirement }: AttributePlugin, key: boolean, value: boolean): void {
  if (requirement === 'exclusive') {
    if (key && value) fail('KeyAndValueProvided')
    if (!key && !value) fail('KeyOrValueRequired')
  } else if (typeof requirement === 'string') {
    check(requirement, key, 'Key')
    check(requirement, value, 'Value')
  } else {
    check(requirement?.key, key, 'Key')
    check(requirement?.value, value, 'Value')
  }
}

/** Names of events and classes are kebab-case; names of signals are camelCase. */
const casing = ({ name }: AttributePlugin): 'camel' | 'kebab' =>
  name === 'on' || name === 'class' ? 'kebab' : 'camel'

const loadedPluginNames = {
  get actions(): ReadonlySet<string> {
    return new Set(actionPlugins.keys())
  },
  get attributes(): ReadonlySet<string> {
    return new Set(attributes.keys())
  },
}

function bind(binding: Binding): void {
  const { el, attribute, value, name, plugin } = binding
  const { rawKey, mods } = name
  release(el, attribute)
  let values = bound.get(el)
  if (!values) bound.set(el, (values = new Map()))
  values.set(attribute, value)
  try {
    checkRequirement(plugin, rawKey !== undefined, value !== '')
    let cleanup: Cleanup | void
    own(el, attribute, () => {
      values.delete(attribute)
      cleanup?.()
    })
    cleanup = plugin.apply({
      el,
      attribute,
      key: rawKey === undefined ? undefined : cased(rawKey, mods, casing(plugin)),
      rawKey,
      value,
      mods,
      rx: expression(binding),
      error: problem,
      effect,
      loadedPluginNames,
    })
  } catch (cause) {
    report({ el, attribute }, cause)
  }
}

/** The function that runs a binding's expression; each of its errors is reported once. */
function expression({ el, attribute, value, source }: Binding): (...args: unknown[]) => unknown {
  let run: Compiled | undefined
  let broken = false
  let last: string | undefined
  return (...args) => {
    if (broken) return undefined
    let evt: Event | undefined
    const act = (name: string, event: Event | undefined, ...rest: unknown[]): unknown =>
      runAction(name, el, event ?? evt, rest, attribute)
    try {
      run ??= compiled(source)
      if (args[0] instanceof Event) evt = args[0]
      const others = source.args[0] === 'evt' ? args : [undefined, ...args]
      const result = run(el, root, act, ...others)
      last = undefined
      return result
    } catch (cause) {
      broken = cause instanceof SyntaxProblem
      const message = String(cause)
      // The same error again says nothing new.
      if (message !== last) {
        report(
          { el, attribute, source: value, at: broken ? (cause as SyntaxProblem).at : undefined },
          cause,
        )
      }
      last = message
      return undefined
    }
  }
}

/** Binds what is not bound yet in a tree, or only what one plugin answers for. */
function scan(top: Node, only?: AttributePlugin): void {
  const bindings: Binding[] = []
  for (const el of elements(top)) collect(el, bindings, only)
  bindAll(bindings)
}

// ---------------------------------------------------------------- the observer

const observer = new MutationObserver((records) => follow(records, true))

function follow(records: MutationRecord[], byClient: boolean): void {
  const bindings: Binding[] = []
  const moved = new Set<Node>()
  for (const { type, target, attributeName, oldValue, addedNodes, removedNodes } of records) {
    if (type === 'childList') {
      for (const node of removedNodes) {
        moved.add(node)
        if (node instanceof Element && !node.isConnected) unbind(node)
      }
      for (const node of addedNodes) {
        if (byClient && !moved.has(node) && isOuter(target)) noteForeign(node)
        if (node instanceof Element && node.isConnected)
          for (const el of elements(node)) collect(el, bindings)
      }
    } else {
      const el = target as Element
      if (byClient) noteServed(el, attributeName!, oldValue)
      if (attributeName!.startsWith('data-') && el.isConnected)
        followAttribute(el, attributeName!, bindings)
    }
  }
  bindAll(unique(bindings))
}

/** Where scripts put what is theirs: straight into head or body, once the document is parsed. */
const isOuter = (target: Node): boolean =>
  (target === document.head || target === document.body) && document.readyState !== 'loading'

/** The last binding for each attribute of each element. */
function unique(bindings: Binding[]): Binding[] {
  const seen = new Map<Element, Set<string>>()
  return bindings.filter(({ el, attribute }) => {
    let names = seen.get(el)
    if (!names) seen.set(el, (names = new Set()))
    return names.has(attribute) ? false : names.add(attribute)
  })
}

function followAttribute(el: Element, attribute: string, bindings: Binding[]): void {
  if (attribute === 'data-ignore') {
    if (el.hasAttribute(attribute)) unbind(el)
    else for (const inner of elements(el)) collect(inner, bindings)
    return
  }
  const value = el.getAttribute(attribute)
  if (value === null) release(el, attribute)
  else if (
    bound.get(el)?.get(attribute) !== value &&
    !el.closest('[data-ignore]') &&
    !el.hasAttribute('data-ignore__self')
  ) {
    collectOne(el, attribute, value, bindings)
  }
}

function unbind(top: Element): void {
  releaseAll(top)
  for (const el of top.querySelectorAll('*')) releaseAll(el)
}

/**
 * Brings the bindings up to date now instead of at the end of the task. `byClient` says who made
 * the changes since the last time: the page's own code and the user, or a patch from the server.
 */
export function settle(byClient: boolean): void {
  const records = observer.takeRecords()
  if (records.length) follow(records, byClient)
}

/** Binds a tree and follows it from now on. The document is followed from the start. */
export function apply(top: Node = document.documentElement): void {
  if (![...roots].some((other) => other.contains(top))) {
    roots.add(top)
    observer.observe(top, {
      childList: true,
      attributes: true,
      attributeOldValue: true,
      subtree: true,
    })
  }
  scan(top)
}

let late: AttributePlugin[] | undefined

/** Binds the page and announces it. Plugins that come later are applied as they come. */
export function start(): void {
  onAttribute((plugin) => {
    if (late) late.push(plugin)
    else {
      late = [plugin]
      queueMicrotask(() => {
        const plugins = late!
        late = undefined
        for (const one of plugins) for (const top of roots) scan(top, attributes.get(one.name))
      })
    }
  })
  queueMicrotask(() => {
    apply()
    document.dispatchEvent(new CustomEvent('datastar-ready'))
  })
}

// datastar-patch-elements: new HTML for parts of the page.
// data: elements | selector | mode | namespace | useViewTransition | viewTransitionSelector
import { idOf } from '../engine/dom'
import { transition } from '../engine/timing'
import { fail, problem, report } from '../engine/errors'
import type { Message, WatcherPlugin } from '../engine/plugins'
import { change, isTogether } from '../morph/turn'
import { morphDocument, morphInner, morphOuter, runnable } from '../morph/morph'

const REGION = /^\[data-region="[^"]*"\]$/
const MODES = /^(outer|inner|replace|prepend|append|before|after|remove)$/
const DOCUMENT =
  /^(?:\s|<!--[^]*?-->)*(?:<!doctype[^>]*>)?(?:\s|<!--[^]*?-->)*<(html|head|body)[\s>]/i

/** Parses HTML, or SVG or MathML content, into nodes that are not part of the page yet. */
function parse(text: string, namespace: string): DocumentFragment {
  const template = document.createElement('template')
  if (namespace === 'html') {
    template.innerHTML = text
    return template.content
  }
  const tag = namespace === 'svg' ? 'svg' : 'math'
  template.innerHTML = `<${tag}>${text}</${tag}>`
  const content = new DocumentFragment()
  content.append(...template.content.firstElementChild!.childNodes)
  return content
}

function patchOne(target: Element, mode: string, content: DocumentFragment): void {
  if (target.parentElement?.closest('[data-ignore-morph]')) return
  if (mode === 'outer') morphOuter(target, content)
  else if (mode === 'inner') morphInner(target, content)
  else {
    for (const el of content.children) {
      const ready = runnable(el)
      if (ready !== el) el.replaceWith(ready)
    }
    if (mode === 'replace') target.replaceWith(content)
    else (target as never as Record<string, (content: Node) => void>)[mode]!(content)
  }
}

function patchAll(targets: Element[], mode: string, content: DocumentFragment): void {
  targets.forEach((target, at) => {
    const last = at === targets.length - 1
    patchOne(target, mode, last ? content : (content.cloneNode(true) as DocumentFragment))
  })
}

function patchDocument(text: string, which: string): void {
  const next = new DOMParser().parseFromString(text, 'text/html')
  if (which === 'html') morphDocument(next)
  else {
    const content = new DocumentFragment()
    content.append(which === 'head' ? next.head : next.body)
    morphOuter(which === 'head' ? document.head : document.body, content)
  }
}

/** Without a selector every element goes where its id is. */
function patchById(content: DocumentFragment, mode: string): void {
  for (const el of [...content.children]) {
    const id = idOf(el)
    const target = id ? document.getElementById(id) : null
    if (!target) {
      report(
        {},
        problem(
          'PatchElementsNoTargetsFound',
          id ? `#${id}` : `<${el.localName}> without an id and without a selector`,
        ),
      )
      continue
    }
    const one = new DocumentFragment()
    if (mode === 'inner') one.append(...el.childNodes)
    else one.append(el)
    patchOne(target, mode, one)
  }
}

function patch(text: string, selector: string, mode: string, namespace: string): void {
  const whole = DOCUMENT.exec(text)?.[1]?.toLowerCase()
  if (mode === 'remove' && selector) {
    for (const el of document.querySelectorAll(selector)) el.remove()
  } else if (mode === 'remove') {
    for (const el of parse(text, namespace).children) document.getElementById(idOf(el))?.remove()
  } else if (whole && !selector && mode === 'outer') {
    patchDocument(text, whole)
  } else if (selector) {
    const targets = [...document.querySelectorAll(selector)]
    // A region that has left the page since its frame was written needs no frame.
    if (!targets.length && !REGION.test(selector)) fail('PatchElementsNoTargetsFound', selector)
    patchAll(targets, mode, parse(text, namespace))
  } else if (mode === 'outer' || mode === 'inner' || mode === 'replace') {
    patchById(parse(text, namespace), mode)
  } else fail('PatchElementsExpectedSelector', mode)
}

export const patchElements: WatcherPlugin = {
  name: 'datastar-patch-elements',
  apply(_, args: Message) {
    const { elements = '', selector = '', mode = 'outer', namespace = 'html' } = args
    if (!MODES.test(mode)) fail('PatchElementsInvalidMode', mode)
    if (!/^(html|svg|mathml)$/.test(namespace)) fail('PatchElementsInvalidNamespace', namespace)
    const update = (): void => change(() => patch(elements, selector, mode, namespace))
    // A transition changes the page later: a batch cannot wait for it.
    if (args.useViewTransition === 'true' && !isTogether())
      return transition(update, args.viewTransitionSelector)
    update()
  },
}

// Reading an element as it is: a form answers for `form.id` with its field of that name.

const attributesGetter = Object.getOwnPropertyDescriptor(Element.prototype, 'attributes')!.get!

export const attributesOf = (el: Element): NamedNodeMap => attributesGetter.call(el) as NamedNodeMap

export const idOf = (el: Element): string => el.getAttribute('id') ?? ''

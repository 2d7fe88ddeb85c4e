"""The builder: `h.div`, `h.my_widget`, and `h[…]` for a fragment."""

# ruff: noqa: N815 - SVG names elements in mixed case

import difflib
import re

from markupsafe import Markup

from helio.html import marks, tags
from helio.html.elements import Document, Element, Node, Void, inner_markup
from helio.html.textual import Code, Preformatted, Select, TextOnly

_TAG = re.compile(r"[A-Za-z][-A-Za-z0-9.]*")


def element(tag: str) -> Element:
    """The element of any name, `element("x-chart")`; `h.x_chart` says the same."""
    if _TAG.fullmatch(tag) is None:
        raise ValueError(f"{tag!r} is not an element's name: letters, digits and hyphens")
    if tag == "html":
        return Document.of(tag)
    if tag in tags.VOID:
        return Void.of(tag)
    if tag in tags.CODE:
        return Code.of(tag)
    if tag in tags.TEXT_ONLY:
        return TextOnly.of(tag)
    if tag == "select":
        return Select.of(tag)
    if tag in tags.EATS_NEWLINE:
        return Preformatted.of(tag)
    return Element.of(tag)


def raw(markup: str) -> Markup:
    """Markup as it stands, not escaped. Only for what you wrote or have cleaned yourself."""
    return Markup(marks.markup(str(markup)))  # noqa: S704 - what this function is for


class Builder:
    """Makes elements by attribute and fragments by brackets; each element is made once.

    A name of several words is a custom element (`h.my_widget` is `<my-widget>`); a trailing
    underscore is dropped (`h.del_`).
    """

    def __getitem__(self, children: Node) -> Markup:
        """The children beside each other, without an element around them."""
        return Markup(inner_markup(children))  # noqa: S704 - escaped there

    def __getattr__(self, name: str) -> Element:
        tag = name.rstrip("_").replace("_", "-")
        if name.startswith("_") or not tag:
            raise AttributeError(name)
        if tag not in tags.KNOWN and "-" not in tag:
            raise AttributeError(_unknown(tag))
        made = self.__dict__[name] = element(tag)
        return made

    # HTML
    a: Element
    abbr: Element
    address: Element
    area: Void
    article: Element
    aside: Element
    audio: Element
    b: Element
    base: Void
    bdi: Element
    bdo: Element
    blockquote: Element
    body: Element
    br: Void
    button: Element
    canvas: Element
    caption: Element
    cite: Element
    code: Element
    col: Void
    colgroup: Element
    data: Element
    datalist: Element
    dd: Element
    del_: Element
    details: Element
    dfn: Element
    dialog: Element
    div: Element
    dl: Element
    dt: Element
    em: Element
    embed: Void
    fieldset: Element
    figcaption: Element
    figure: Element
    footer: Element
    form: Element
    h1: Element
    h2: Element
    h3: Element
    h4: Element
    h5: Element
    h6: Element
    head: Element
    header: Element
    hgroup: Element
    hr: Void
    html: Document
    i: Element
    iframe: Element
    img: Void
    input: Void
    ins: Element
    kbd: Element
    label: Element
    legend: Element
    li: Element
    link: Void
    main: Element
    map: Element
    mark: Element
    menu: Element
    meta: Void
    meter: Element
    nav: Element
    noscript: Element
    object: Element
    ol: Element
    optgroup: Element
    option: Element
    output: Element
    p: Element
    param: Void
    picture: Element
    pre: Element
    progress: Element
    q: Element
    rp: Element
    rt: Element
    ruby: Element
    s: Element
    samp: Element
    script: Element
    search: Element
    section: Element
    select: Element
    selectedcontent: Element
    slot: Element
    small: Element
    source: Void
    span: Element
    strong: Element
    style: Element
    sub: Element
    summary: Element
    sup: Element
    table: Element
    tbody: Element
    td: Element
    template: Element
    textarea: Element
    tfoot: Element
    th: Element
    thead: Element
    time: Element
    title: Element
    tr: Element
    track: Void
    u: Element
    ul: Element
    var: Element
    video: Element
    wbr: Void
    # SVG
    animate: Element
    animateMotion: Element
    animateTransform: Element
    circle: Element
    clipPath: Element
    defs: Element
    desc: Element
    ellipse: Element
    feBlend: Element
    feColorMatrix: Element
    feComponentTransfer: Element
    feComposite: Element
    feConvolveMatrix: Element
    feDiffuseLighting: Element
    feDisplacementMap: Element
    feDistantLight: Element
    feDropShadow: Element
    feFlood: Element
    feFuncA: Element
    feFuncB: Element
    feFuncG: Element
    feFuncR: Element
    feGaussianBlur: Element
    feImage: Element
    feMerge: Element
    feMergeNode: Element
    feMorphology: Element
    feOffset: Element
    fePointLight: Element
    feSpecularLighting: Element
    feSpotLight: Element
    feTile: Element
    feTurbulence: Element
    filter: Element
    foreignObject: Element
    g: Element
    image: Element
    line: Element
    linearGradient: Element
    marker: Element
    mask: Element
    metadata: Element
    mpath: Element
    path: Element
    pattern: Element
    polygon: Element
    polyline: Element
    radialGradient: Element
    rect: Element
    set: Element
    stop: Element
    svg: Element
    switch: Element
    symbol: Element
    text: Element
    textPath: Element
    tspan: Element
    use: Element
    view: Element
    # MathML
    annotation: Element
    math: Element
    merror: Element
    mfrac: Element
    mi: Element
    mmultiscripts: Element
    mn: Element
    mo: Element
    mover: Element
    mpadded: Element
    mphantom: Element
    mprescripts: Element
    mroot: Element
    mrow: Element
    ms: Element
    mspace: Element
    msqrt: Element
    mstyle: Element
    msub: Element
    msubsup: Element
    msup: Element
    mtable: Element
    mtd: Element
    mtext: Element
    mtr: Element
    munder: Element
    munderover: Element
    semantics: Element


def _unknown(tag: str) -> str:
    near = difflib.get_close_matches(tag, tags.KNOWN, n=1)
    meant = f"did you mean h.{near[0]}? " if near else ""
    return (
        f"there is no element <{tag}>: {meant}A custom element has a hyphen, h.my_{tag}; "
        f"element({tag!r}) writes any name"
    )


h = Builder()

"""The document around a page: head, the element that opens the stream, the layout."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request

from helio.html import FormState, h
from helio.html.marks import hole, split
from helio.js import Expression, js
from helio.live.views import Document, nest
from helio.web.build import Build, digest
from helio.web.pages import Layout, Page, Shell

Names = tuple[str, ...]

_STREAM = (
    "@get({}, {live: true, retry: 'always', retryMaxCount: 1000000, "
    "filterSignals: {include: '^$'}})"
)


class Framed(NamedTuple):
    """A page and what belongs to its document."""

    title: str
    inside: str  # opener and root: what our runtime shows in the place of another page
    around: Sequence[str]  # what the layout puts before it and after it

    @property
    def document(self) -> str:
        return self.inside.join(self.around)


class Frame:
    """What all documents of one application have in common."""

    def __init__(
        self, build: Build, runtime: str, css: Sequence[str], layout: Layout | None
    ) -> None:
        self.build = build
        self.runtime = runtime
        self.css = css
        self.layout = layout

    def framed(
        self, page: Page[...], rendered: Document, request: Request, form: FormState | None = None
    ) -> Framed:
        """A rendered page as a document. `form` is the state of a refused plain form."""
        title = rendered.title or page.title
        shell = Shell(title, request.url.path, self._head(title), hole("helio-page"))
        layout = page.layout or self.layout or plain
        around = split(str(layout(shell))).pieces
        opener = h.template(
            "#helio-page",
            {"data-build": self.build.id, "data-layout": _layout_id(around, title)},
            _opening(page, rendered, request, form),
        )
        return Framed(title, f"{opener}{_problems(form, rendered)}{rendered.html}", around)

    def _head(self, title: str) -> Markup:
        return h[
            h.meta(charset="utf-8"),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.meta(name="color-scheme", content="light dark"),
            h.title[title],
            (h.link(rel="stylesheet", href=href) for href in self.css),
            h.script(type="module", src=self.runtime),
        ]


def plain(shell: Shell) -> Markup:
    """The layout of pages that name none."""
    return h.html(lang="en")[h.head[shell.head], h.body[shell.body]]


def _layout_id(around: Sequence[str], title: str) -> str:
    """Names what is around a page, but for the title in its head, which our runtime sets.

    So a page takes the place of another where all else is the same: a layout that marks the
    present page in its navigation is another one at each page.
    """
    return digest(around[0].replace(str(h.title[title]), "", 1), *around[1:])


def _opening(
    page: Page[...], rendered: Document, request: Request, form: FormState | None
) -> dict[str, Expression | None]:
    """Attributes that declare the page's signals and open its stream."""
    declared = _declared(rendered, form)
    query = request.scope["query_string"].decode("latin-1")
    url = _path(request) + (f"?{query}" if query else "")
    return {
        "data-signals__ifmissing": js("{}", nest(declared)) if declared else None,
        "data-init": js(_STREAM, url) if rendered.live and page.live else None,
    }


def _path(request: Request) -> str:
    """The request's path as it stands in a URL."""
    path = quote(request.scope["path"], safe=_IN_PATHS)
    # Two slashes would begin the name of another host.
    return f"/%2F{path[2:]}" if path.startswith("//") else path


_IN_PATHS = "/-._~:@!$&()*+,;="


def _declared(rendered: Document, form: FormState | None) -> Mapping[Names, object]:
    """Signals and their values; those of messages as a refused form has them."""
    if form is None:
        return rendered.declared
    said = {tuple(f"errors.{name}".split(".")): text for name, text in form.messages.items()}
    return {path: said.get(path, value) for path, value in rendered.declared.items()}


def _problems(form: FormState | None, rendered: Document) -> Markup:
    """Messages that no `errors(…)` on the page shows."""
    if form is None:
        return Markup()
    shown = {".".join(path[1:]) for path in rendered.declared if path[0] == "errors"}
    rest = [text for name, text in form.messages.items() if name not in shown]
    if not rest:
        return Markup()
    return h.div(class_="helio-problems", role="alert")[(h.p[text] for text in rest)]

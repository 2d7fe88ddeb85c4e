"""A small DOM: enough of a browser to apply the events of a stream to a page of the tests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from helio.wire import Event

_TOKEN = re.compile(r"<(/?)([a-z-]+)((?:\s+[a-z-]+=\"[^\"]*\")*)>|([^<]+)")
_ATTRIBUTE = re.compile(r"([a-z-]+)=\"([^\"]*)\"")


@dataclass(eq=False)
class Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def html(self, *, bare: bool = False) -> str:
        """The markup; `bare` leaves out what the live core has added."""
        written = "".join(
            f' {name}="{value}"'
            for name, value in self.attributes.items()
            if not (bare and name in ("data-region", "data-v"))
        )
        inner = "".join(
            child if isinstance(child, str) else child.html(bare=bare) for child in self.children
        )
        return f"<{self.tag}{written}>{inner}</{self.tag}>"


def read(html: str) -> list[Node | str]:
    """The nodes of markup without void elements."""
    top = Node("")
    stack = [top]
    for end, tag, attributes, text in _TOKEN.findall(html):
        if text:
            stack[-1].children.append(text)
        elif end:
            assert stack.pop().tag == tag, html
        else:
            node = Node(tag, dict(_ATTRIBUTE.findall(attributes)))
            stack[-1].children.append(node)
            stack.append(node)
    assert stack == [top], html
    return top.children


class Page:
    """A page as a client shows it."""

    def __init__(self, html: str) -> None:
        self.top = Node("", children=read(html))
        self.mounts: dict[tuple[str, str], Node] = {}  # by target and key

    @property
    def have(self) -> dict[str, str]:
        return {
            node.attributes["data-region"]: node.attributes["data-v"]
            for node in self.walk()
            if "data-region" in node.attributes
        }

    def walk(self) -> Iterator[Node]:
        for top in (self.top, *self.mounts.values()):
            yield from top.walk()

    def bare(self) -> str:
        return _bare(self.top)

    def mounted(self) -> dict[tuple[str, str], str]:
        return {at: _bare(top) for at, top in self.mounts.items()}

    def apply(self, event: Event) -> None:
        if event.event == "datastar-patch-elements":
            self._patch(event.data)
        elif event.event == "helio-steps":
            self._steps(event.data)
        elif event.event == "helio-mount":
            self._mount(event.data)
        elif event.event == "helio-unmount":
            told = dict(line.partition(" ")[::2] for line in event.data.split("\n"))
            self._unmount(told["into"], told.get("key"))

    def _mount(self, data: str) -> None:
        lines = [line.partition(" ")[::2] for line in data.split("\n")]
        told = dict(lines)
        html = "\n".join(value for name, value in lines if name == "html")
        if told["mode"] == "inner":
            self._unmount(told["into"], None)
        self.mounts[told["into"], told["key"]] = Node("", children=read(html))

    def _unmount(self, into: str, key: str | None) -> None:
        for at in [at for at in self.mounts if at[0] == into and key in (None, at[1])]:
            del self.mounts[at]

    def _patch(self, data: str) -> None:
        lines = [line.partition(" ")[::2] for line in data.split("\n")]
        selector = next(value for name, value in lines if name == "selector")
        html = "\n".join(value for name, value in lines if name == "elements")
        found = self._regions(selector.removeprefix('[data-region="').removesuffix('"]'))
        assert found, f"a patch for what is not there: {selector}"
        for parent, node in found:
            at = parent.children.index(node)
            parent.children[at : at + 1] = read(html)

    def _regions(self, key: str) -> list[tuple[Node, Node]]:
        return [
            (parent, child)
            for parent in list(self.walk())
            for child in parent.children
            if isinstance(child, Node) and child.attributes.get("data-region") == key
        ]

    def _steps(self, data: str) -> None:
        lines = [line.partition(" ")[::2] for line in data.split("\n")]
        key, base, version = lines[0][1].split(" ")
        found = self._regions(key)
        assert found, f"steps for what is not there: {key}"
        for _, root in found:
            if root.attributes["data-v"] == version:
                continue  # said for another mount already
            assert root.attributes["data-v"] == base, "steps for another version"
            told = [value for name, value in lines if name == "step"]
            for at, step in enumerate(told):
                mode, _, target = step.partition(" ")
                html = "\n".join(
                    value.removeprefix(f"{at} ")
                    for name, value in lines
                    if name == "html" and value.startswith(f"{at} ")
                )
                self._step(root, mode, unquote(target), html)
            root.attributes["data-v"] = version

    def _step(self, root: Node, mode: str, target: str, html: str) -> None:
        if not target:
            assert mode in ("append", "prepend")
            at = len(root.children) if mode == "append" else 0
            root.children[at:at] = read(html)
            return
        [(parent, node)] = [
            (parent, child)
            for parent in _own(root)
            for child in parent.children
            if isinstance(child, Node) and _is(child, target)
        ]
        at = parent.children.index(node)
        match mode:
            case "outer":
                parent.children[at : at + 1] = read(html)
            case "remove":
                del parent.children[at]
            case "before":
                parent.children[at:at] = read(html)
            case "after":
                parent.children[at + 1 : at + 1] = read(html)
            case "append":
                node.children += read(html)
            case _:
                raise AssertionError(mode)


def _bare(top: Node) -> str:
    return "".join(
        child if isinstance(child, str) else child.html(bare=True) for child in top.children
    )


def _own(root: Node) -> Iterator[Node]:
    """The elements of a region, without those of regions inside it."""
    yield root
    for child in root.children:
        if isinstance(child, Node) and "data-region" not in child.attributes:
            yield from _own(child)


def _is(node: Node, target: str) -> bool:
    if target.startswith("@"):
        return node.attributes.get("data-region") == target[1:]
    if target.startswith("#"):
        return node.attributes.get("id") == target[1:]
    return node.attributes.get("data-part") == target

"""Tracebacks for the author of an application: his lines, not the machinery's."""

import traceback
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Report:
    """An exception as its author wants to read it.

    `start` is the file or directory at which the traceback begins: what called into it is left
    out. Errors of Helio's own types explain themselves, so its frames below them go as well.
    """

    error: BaseException
    start: Path

    @property
    def concerns_author(self) -> bool:
        """Whether any of his lines took part."""
        frames = traceback.extract_tb(self.error.__traceback__)
        return any(self._inside(frame) for frame in frames)

    def text(self) -> str:
        """The traceback, without a final line break."""
        whole = traceback.TracebackException.from_exception(self.error)
        explains = type(self.error).__module__.partition(".")[0] == "helio"
        self._trim(whole, explains=explains)
        return "".join(whole.format()).rstrip("\n")

    def _trim(self, part: traceback.TracebackException, *, explains: bool) -> None:
        frames = list(part.stack)
        first = next((i for i, frame in enumerate(frames) if self._inside(frame)), len(frames))
        frames = frames[first:]
        while explains and frames and _is_ours(frames[-1]):
            frames.pop()
        part.stack = traceback.StackSummary.from_list(frames)
        for link in (part.__cause__, part.__context__):
            if link is not None:
                self._trim(link, explains=explains)

    def _inside(self, frame: traceback.FrameSummary) -> bool:
        file = Path(frame.filename)
        return file == self.start or (self.start in file.parents and not _is_installed(file))


def _is_ours(frame: traceback.FrameSummary) -> bool:
    return _PACKAGE in Path(frame.filename).parents


def _is_installed(file: Path) -> bool:
    return "site-packages" in file.parts or _PACKAGE in file.parents

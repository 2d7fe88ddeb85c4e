"""The TARGET of `helio run` and `helio dev`: which application to serve."""

import importlib
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import cast

from helio.server.application import Application, is_application
from helio.server.report import Report


class TargetError(Exception):
    """The target is not an application; the message says what was found and what to do."""


class TargetImportError(TargetError):
    """The target's own code raised while it was imported; the message is its traceback."""


@dataclass(frozen=True, slots=True)
class Target:
    """A file (`todo.py`) or a module (`shop.main`), and the application's name in it."""

    text: str
    file: Path | None
    module: str
    attribute: str

    @classmethod
    def parse(cls, text: str) -> "Target":
        """Read `todo.py`, `todo.py:site`, `shop.main` or `shop.main:site`.

        The name defaults to `app`. Raises `TargetError` where nothing can be meant.
        """
        place, _, attribute = text.partition(":")
        attribute = attribute or "app"
        if place.endswith(".py"):
            return cls(text, _existing(place), Path(place).stem, attribute)
        if Path(place).is_dir() and not (Path(place) / "__init__.py").exists():
            raise TargetError(
                f"{place} is a directory. Name a file in it: {Path(place) / 'app.py'}"
            )
        if not _importable(place):
            raise TargetError(
                f"{text!r} is neither a file nor a module. Give a file, such as todo.py, "
                "or a module and the name of its application, such as shop.main:app"
            )
        return cls(text, None, place, attribute)

    @property
    def directory(self) -> Path:
        """Where its imports start, and what `dev` watches."""
        return self.file.parent if self.file else Path.cwd()

    @property
    def start(self) -> Path:
        """Where the author's own code begins, for `Report`."""
        return self.file or self.directory

    def load(self) -> Application:
        """Import the target. Raises `TargetError`, or `TargetImportError` from its own code."""
        if str(self.directory) not in sys.path:
            sys.path.insert(0, str(self.directory))
        module = self._import()
        found = getattr(module, self.attribute, None)
        if is_application(found):
            return cast("Application", found)
        raise TargetError(self._refusal(module, found))

    def _import(self) -> ModuleType:
        try:
            if self.file:
                return _import_file(self.file)
            return importlib.import_module(self.module)
        except TargetError:
            raise
        except ModuleNotFoundError as error:
            if self._is_missing(error):
                raise TargetError(
                    f"There is no module {error.name!r} in {self.directory} or among the "
                    "installed packages."
                ) from error
            raise TargetImportError(self._report(error)) from error
        except (Exception, SystemExit) as error:
            raise TargetImportError(self._report(error)) from error

    def _is_missing(self, error: ModuleNotFoundError) -> bool:
        name = error.name or ""
        return not self.file and (self.module == name or self.module.startswith(f"{name}."))

    def _report(self, error: BaseException) -> str:
        report = Report(error, self.start).text()
        if isinstance(error, ImportError) and "no known parent package" in str(error):
            name = self.file.parent.name if self.file else ""
            report += (
                "\n\nA file is imported on its own, outside of any package. Name the module "
                f"instead, from the directory above: {name}.{self.module}:{self.attribute}"
            )
        return report

    def _refusal(self, module: ModuleType, found: object) -> str:
        where = self.file.name if self.file else self.module
        names = [name for name, value in vars(module).items() if is_application(value)]
        if hasattr(module, self.attribute):
            kind = type(found)
            problem = (
                f"{self.attribute!r} in {where} is a {kind.__module__}.{kind.__qualname__}, "
                "not a helio.App."
            )
        else:
            problem = f"{where} has no {self.attribute!r}."
        if not names:
            return f"{problem} Make one: app = helio.App()"
        place = self.text.partition(":")[0]
        return f"{problem} Its applications: {', '.join(names)}. Try: {place}:{names[0]}"


def _existing(place: str) -> Path:
    path = Path(place).resolve()
    if path.is_file():
        return path
    if path.is_dir():
        raise TargetError(f"{place} is a directory, not a file.")
    message = f"There is no file {place} in {Path.cwd()}."
    if path.parent.is_dir():
        others = sorted(file.name for file in path.parent.glob("*.py"))[:5]
        if others:
            message += f" The directory has: {', '.join(others)}"
    raise TargetError(message)


def _importable(place: str) -> bool:
    return bool(place) and all(part.isidentifier() for part in place.split("."))


def _import_file(file: Path) -> ModuleType:
    name = file.stem
    if name in sys.stdlib_module_names or name in sys.modules:
        raise TargetError(
            f"{file.name} would hide the module {name!r} that Python or Helio needs. Rename it."
        )
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise TargetError(f"{file} is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module

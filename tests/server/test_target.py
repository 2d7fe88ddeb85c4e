"""Finding the application that `helio run TARGET` means."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helio.server import Target, TargetError

APP = """
class App:
    development = False
    async def __call__(self, scope, receive, send): ...
    async def drain(self, deadline): ...
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty current directory; what is imported from it is forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def refusal(text: str) -> str:
    """The message with which a target is refused."""
    with pytest.raises(TargetError) as caught:
        Target.parse(text).load()
    return str(caught.value)


def test_a_file_is_imported_under_its_stem_with_its_directory_on_the_path(place: Path):
    (place / "site").mkdir()
    (place / "site" / "words.py").write_text("hello = 'hello'")
    (place / "site" / "shop.py").write_text(f"from words import hello\n{APP}\napp = App()")
    app = Target.parse("site/shop.py").load()
    assert app is sys.modules["shop"].app
    assert type(app).__module__ == "shop"


@pytest.mark.parametrize("text", ["shop.main:site", "shop/main.py:site"])
def test_a_module_or_a_file_may_name_the_application(place: Path, text: str):
    (place / "shop").mkdir()
    (place / "shop" / "__init__.py").touch()
    (place / "shop" / "main.py").write_text(f"{APP}\nsite = App()")
    assert type(Target.parse(text).load()).__name__ == "App"


def test_a_modules_application_is_called_app_by_default(place: Path):
    (place / "shop.py").write_text(f"{APP}\napp = App()")
    assert type(Target.parse("shop").load()).__module__ == "shop"


def test_a_missing_file_is_refused_with_the_files_that_are_there(place: Path):
    (place / "todo.py").touch()
    assert (
        refusal("todoo.py") == f"There is no file todoo.py in {place}. The directory has: todo.py"
    )


def test_a_missing_module_is_refused(place: Path):
    assert refusal("nowhere.main:app").startswith("There is no module 'nowhere' in ")


def test_a_directory_is_refused_with_a_file_in_it(place: Path):
    (place / "gallery").mkdir()
    assert refusal("gallery") == "gallery is a directory. Name a file in it: gallery/app.py"


def test_nonsense_is_refused_with_examples(place: Path):
    assert refusal("what ever").startswith("'what ever' is neither a file nor a module.")


def test_a_module_without_the_name_says_which_applications_it_has(place: Path):
    (place / "todo.py").write_text(f"{APP}\nmine = App()\nyours = App()")
    assert refusal("todo.py") == (
        "todo.py has no 'app'. Its applications: mine, yours. Try: todo.py:mine"
    )


def test_a_module_without_any_application_says_how_to_make_one(place: Path):
    (place / "todo.py").write_text("")
    assert refusal("todo.py") == "todo.py has no 'app'. Make one: app = helio.App()"


def test_something_else_under_the_name_is_refused(place: Path):
    (place / "todo.py").write_text(f"{APP}\napp = {{}}\nsite = App()")
    assert refusal("todo.py") == (
        "'app' in todo.py is a builtins.dict, not a helio.App. "
        "Its applications: site. Try: todo.py:site"
    )


def test_the_class_of_applications_is_not_an_application(place: Path):
    (place / "todo.py").write_text(f"{APP}\napp = App")
    assert refusal("todo.py").startswith("'app' in todo.py is a builtins.type, not a helio.App.")


def test_an_exception_shows_the_authors_lines_only(place: Path):
    (place / "words.py").write_text("def shout(text):\n    return text.shout()\n")
    (place / "todo.py").write_text("from words import shout\n\nshout('x')\n")
    lines = refusal("todo.py").splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1] == f'  File "{place}/todo.py", line 3, in <module>'
    assert any(f'File "{place}/words.py", line 2' in line for line in lines)
    assert lines[-1] == "AttributeError: 'str' object has no attribute 'shout'"
    assert "helio" not in "\n".join(lines)


def test_the_cause_of_an_exception_is_shown_as_short(place: Path):
    (place / "todo.py").write_text(
        "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise KeyError('x') from error\n"
    )
    text = refusal("todo.py")
    assert "ZeroDivisionError: division by zero" in text
    assert "importlib" not in text


def test_a_syntax_error_shows_its_line(place: Path):
    (place / "todo.py").write_text("x = 1\ndef f(:\n    pass\n")
    text = refusal("todo.py")
    assert f'File "{place}/todo.py", line 2' in text
    assert "SyntaxError: invalid syntax" in text
    assert "importlib" not in text


def test_a_module_that_the_target_misses_is_the_targets_error(place: Path):
    (place / "todo.py").write_text("import no_such_thing\n")
    text = refusal("todo.py")
    assert text.endswith("ModuleNotFoundError: No module named 'no_such_thing'")
    assert f'File "{place}/todo.py", line 1' in text


def test_leaving_while_being_imported_is_an_error(place: Path):
    (place / "todo.py").write_text("import sys\nsys.exit('not today')\n")
    assert refusal("todo.py").endswith("SystemExit: not today")


def test_a_relative_import_in_a_file_says_what_to_do(place: Path):
    (place / "shop").mkdir()
    (place / "shop" / "main.py").write_text("from .words import hello\n")
    assert refusal("shop/main.py").endswith("from the directory above: shop.main:app")


@pytest.mark.parametrize("name", ["json", "helio"])
def test_a_file_may_not_hide_a_module_that_is_needed(place: Path, name: str):
    (place / f"{name}.py").touch()
    assert refusal(f"{name}.py").endswith("Rename it.")

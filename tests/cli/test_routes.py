"""`helio routes`."""

from pathlib import Path

TODO = """
from helio import App, html as h

shop = App()
app = App()
app.mount("/shop", shop)

@app.page("/")
async def index():
    return h.main["hello"]

@app.post("/todos/{id}")
async def rename(id: int):
    ...

@shop.page("/cart")
async def cart():
    return h.main["empty"]
"""


def test_it_lists_pages_and_commands_with_their_handlers(helio, tmp_path: Path):
    (tmp_path / "todo.py").write_text(TODO)
    command = helio("routes", "todo.py")
    assert command.wait() == 0
    assert command.out == [
        "GET   /            todo.index",
        "GET   /shop/cart   todo.cart",
        "POST  /todos/{id}  todo.rename",
    ]


def test_it_says_what_is_wrong_with_the_target(helio):
    command = helio("routes", "todo.py")
    assert command.wait() == 1
    assert command.err[0].startswith("There is no file todo.py in ")

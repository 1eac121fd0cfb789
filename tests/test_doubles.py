"""What may be left out on PostgreSQL: only what others ask it."""

import doctest
import json
import threading

import pytest
from sqlalchemy import Column, MetaData, String, Table, create_engine, insert, text
from sqlalchemy.exc import IntegrityError

from tests import doubles
from tests.doubles import Heard


@pytest.fixture
def listener():
    ears = doubles.Listener()
    yield ears
    ears.close()


@pytest.fixture
def engine(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'some.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE post (id INTEGER PRIMARY KEY, title TEXT UNIQUE)"))
    yield engine
    engine.dispose()


@pytest.fixture
def hear(listener, engine):
    """Return what is heard of a test that executes statements with their values."""

    def _hear(*statements: tuple[str, dict[str, object]]) -> Heard:
        listener.begin("a test")
        with engine.begin() as connection:
            for statement, values in statements:
                connection.execute(text(statement), values)
        return listener.end()

    return _hear


def test_the_examples():
    assert doctest.testmod(doubles).attempted
    assert not doctest.testmod(doubles).failed


def test_a_statement_is_the_same_whatever_its_values(hear):
    title = "SELECT id FROM post WHERE title = :title"
    assert hear((title, {"title": "晒谷"})).asked == hear((title, {"title": "修伞"})).asked
    assert hear((title, {"title": "晒谷"})).asked != hear(("SELECT id FROM post", {})).asked


@pytest.mark.parametrize("value", ["晒\0谷", 2**31, -(2**31) - 1])
def test_a_value_that_postgresql_takes_differently_is_something_else(hear, value):
    statement = "SELECT id FROM post WHERE title = :title"
    usual, unusual = (hear((statement, {"title": one})).asked for one in ("晒谷", value))
    assert usual < unusual


def test_a_text_longer_than_its_column_is_something_else(listener, engine):
    post = Table("post", MetaData(), Column("title", String(4)))
    asked = []
    for title in ("晒谷场边", "修伞的老人"):
        listener.begin("a test")
        with engine.begin() as connection:
            connection.execute(insert(post), [{"title": title[:1]}, {"title": title}])
        asked.append(listener.end().asked)
    assert asked[0] < asked[1]


def test_a_refusal_and_what_follows_it_are_heard(listener, engine):
    def write(name: str) -> None:
        connection.execute(text("INSERT INTO post VALUES (1, :name)"), {"name": name})

    with engine.connect() as connection:
        listener.begin("a test")
        write("晒谷")
        well = listener.end().asked
        listener.begin("a test")
        with pytest.raises(IntegrityError):
            write("修伞")
        refused = listener.end().asked
        assert well < refused
        listener.begin("a test")
        with pytest.raises(IntegrityError):
            write("修伞")
        connection.execute(text("SELECT 1"))
        went_on = listener.end().asked
        listener.begin("a test")
        with pytest.raises(IntegrityError):
            write("修伞")
        connection.rollback()
        connection.execute(text("SELECT 1"))
        began_anew = listener.end().asked
    assert refused < began_anew < went_on


def test_threads_and_tables_need_both_databases(listener, engine, hear):
    assert not hear(("SELECT 1", {})).alone
    assert hear(("CREATE TABLE other (id INTEGER)", {})).alone
    listener.begin("a test")
    with engine.begin() as connection:
        connection.execute(text("SELECT 1"))
    thread = threading.Thread(target=lambda: engine.connect().close())
    thread.start()
    thread.join()
    assert not listener.end().alone  # it asked nothing

    def ask() -> None:
        with engine.begin() as connection:
            connection.execute(text("SELECT 1"))

    listener.begin("a test")
    ask()
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert listener.end().alone


def test_the_choice_is_a_cheap_cover():
    heard = [
        Heard("dear", 9.0, {"a", "b", "c"}),
        Heard("one", 0.1, {"a", "b"}),
        Heard("two", 0.1, {"b", "c"}),
        Heard("less", 0.1, {"b"}),
        Heard("races", 0.1, {"d"}, alone=True),
        Heard("like races", 0.1, {"d"}),
    ]
    assert doubles.choose(heard) == {
        "dear": False,
        "one": True,
        "two": True,
        "less": False,
        "races": True,
        "like races": False,
    }


def test_what_nobody_asked_is_named(tmp_path):
    def note(**line: object) -> None:
        with (tmp_path / "heard-gw0.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")

    note(pair="one", seconds=0.1, asked=["a", "b"], alone=False)
    note(pair="two", seconds=0.1, asked=["b"], alone=False)
    note(ran="one")
    assert doubles.count(tmp_path) == (2, 1, [])
    note(pair="three", seconds=0.1, asked=["b", "c"], alone=False)
    assert doubles.count(tmp_path) == (3, 1, ["three"])

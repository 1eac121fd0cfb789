"""The codes by which people are found by their allowance: filled in for who is there already."""

from typing import Any

from sqlmodel import select

from tests.factories import make_resident
from tests.functional.ops.test_migration_names import go_down
from webapp.core.db import Database
from webapp.ops import schema
from webapp.residents.allowance import AllowanceKind, codes_of, kind_of
from webapp.residents.models import SensitiveRecord

SAID = {
    "低保户": AllowanceKind.MINIMUM,
    "否": AllowanceKind.NONE,
    "以前吃，去年停了低保": AllowanceKind.NONE,
    "特困供养": AllowanceKind.DESTITUTE,
    "护理补贴": AllowanceKind.OTHER,
}


def test_the_migration_reads_the_words_as_the_portal_does(db: Database, write: Any) -> None:
    with write() as session:
        for words in SAID:
            session.add(SensitiveRecord(resident_id=make_resident(session).id, allowance=words))
        session.add(SensitiveRecord(resident_id=make_resident(session).id, disability="三级"))
    go_down(db, "0526")
    schema.upgrade(db)
    with db.reader() as session:
        rows = session.exec(select(SensitiveRecord)).all()
    found = {one.allowance: one.allowance_code for one in rows}
    assert found.pop(None) is None
    assert found == {words: codes_of(kind)[0] for words, kind in SAID.items()}
    assert {words: kind_of(words) for words in SAID} == SAID

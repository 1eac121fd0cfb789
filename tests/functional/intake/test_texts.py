"""The pasted text itself: encrypted, gone within a day, in no log, in a backup as it is kept."""

import gzip
import logging
import tarfile
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text as sql
from sqlmodel import select

from tests.factories import make_account, make_employer
from tests.forms import press
from tests.functional.tables import count
from webapp.core import clock
from webapp.core.access import Role
from webapp.intake.models import PastedText
from webapp.ops import backup, scheduled_jobs

MESSAGE = "招剪线头的临工4名，12元一小时，找骆师傅13900004411"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.LOCAL)
JOBS = {job.name: job for job in scheduled_jobs.JOBS}


@pytest.fixture
def account(write):
    with clock.frozen(NOON), write() as session:
        account = make_account(session, role=Role.EMPLOYER)
        make_employer(session, member=account)
        return account


def test_the_text_is_kept_encrypted(db, account, sign_in, tmp_path):
    press(sign_in(account), "/employer/openings/paste", text=MESSAGE)
    with db.read_engine.connect() as connection:
        stored = connection.execute(sql("SELECT text FROM pasted_text")).scalar_one()
    assert "骆师傅" not in stored
    with db.reader() as session:
        assert session.exec(select(PastedText)).one().text == MESSAGE
    target = tmp_path / "backup.tar.gz"
    backup.backup(db, tmp_path, target)
    with tarfile.open(target) as archive:
        files = [archive.extractfile(one) for one in archive if one.isfile()]
        held = b"".join(file.read() for file in files if file)
    assert stored.encode() in held or stored.encode() in gzip.decompress(held)
    assert "骆师傅".encode() not in held
    assert b"13900004411" not in held


@pytest.mark.job("forget_pasted_texts")
def test_a_text_is_gone_before_it_is_a_day_old(app, db, account, sign_in):
    def forget() -> str:
        with app.app_context():
            return JOBS["forget_pasted_texts"].work(db)

    with clock.frozen(NOON):
        browser = sign_in(account)
        answer = press(browser, "/employer/openings/paste", text=MESSAGE)
        review = answer.headers["Location"]
    with clock.frozen(NOON + timedelta(hours=23, minutes=54)):
        assert forget() == "0 texts deleted"
        assert sign_in(account).get(review).status_code == 200
    with clock.frozen(NOON + timedelta(hours=23, minutes=55)):
        assert sign_in(account).get(review).status_code == 404  # even before the job has run
        assert count(db, PastedText) == 1
        assert forget() == "1 texts deleted"
    assert count(db, PastedText) == 0


def test_no_log_line_holds_the_text(account, sign_in, caplog):
    with caplog.at_level(logging.DEBUG):
        browser = sign_in(account)
        review = press(browser, "/employer/openings/paste", text=MESSAGE).headers["Location"]
        press(browser, review)
        press(browser, "/employer/openings/paste", text=MESSAGE * 200)
    assert "骆师傅" not in caplog.text
    assert "13900004411" not in caplog.text

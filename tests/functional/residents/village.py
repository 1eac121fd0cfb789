"""One household with two grown-ups and a child, and somebody alone who asks to live there."""

from datetime import date, timedelta

from sqlmodel import select

from tests.factories import (
    make_account,
    make_branch,
    make_household,
    make_resident,
)
from tests.forms import submit
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.ops import scheduled_jobs
from webapp.residents.models import JoinRequest, Resident

HOME, EMPTY = "4栋2单元-601", "4栋2单元-602"
PAGE = "/me/household"


def settle(app, db):
    [job] = [job for job in scheduled_jobs.JOBS if job.name == "settle_join_requests"]
    with app.app_context():
        return job.work(db)


class Village:
    """One household with two grown-ups and a child, and somebody alone."""

    def __init__(self, app, db, write, sign_in):
        self.app, self.db, self.write, self.sign_in = app, db, write, sign_in
        with write() as session:
            make_branch(session)
            self.home = make_household(session, unit_address=HOME).id
            self.mother = self._person(session, "周芳", household_id=self.home)
            self.father = self._person(session, "周强", household_id=self.home)
            self.child = self._person(
                session,
                "周小",
                household_id=self.home,
                birth_date=date(clock.today().year - 16, 1, 1),
            )
            self.alone = make_household(session, unit_address="9栋1单元-101", provisional=True).id
            self.asker = self._person(session, "张三", household_id=self.alone, placed=False)
            self.staff = make_account(session, role=Role.STAFF)
        self.browsers = {}

    def _person(self, session, name, **fields):
        return make_resident(session, with_account=True, name=name, **fields).id

    def browser(self, resident_id):
        if resident_id not in self.browsers:
            with self.db.reader() as session:
                account = session.get(Account, session.get(Resident, resident_id).account_id)
            self.browsers[resident_id] = self.sign_in(account)
        return self.browsers[resident_id]

    def desk(self):
        return self.sign_in(self.staff)

    def actor(self, resident_id):
        with self.db.reader() as session:
            account_id = session.get(Resident, resident_id).account_id
        return Actor(account_id=account_id, role=Role.RESIDENT, resident_id=resident_id)

    def ask(self, address=HOME):
        response = submit(
            self.browser(self.asker), f"{PAGE}/ask", {"unit_address": address}, page=PAGE
        )
        assert response.status_code == 303, response.get_data(as_text=True)
        with self.db.reader() as session:
            return session.exec(select(JoinRequest).order_by(JoinRequest.id.desc())).first().id

    def answer(self, resident_id, request_id, step):
        return submit(
            self.browser(resident_id), f"{PAGE}/requests/{request_id}/{step}", page=PAGE
        ).status_code

    def state(self, request_id):
        with self.db.reader() as session:
            return session.get(JoinRequest, request_id).state

    def person(self, resident_id):
        with self.db.reader() as session:
            return session.get(Resident, resident_id)

    def wait(self, **time):
        """Let the time pass for the requests alone, and the job come by."""
        with self.write() as session:
            for row in session.exec(select(JoinRequest)):
                row.answer_until -= timedelta(**time)
        return settle(self.app, self.db)

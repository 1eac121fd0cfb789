"""A vacancy typed into the real form, and published."""

from datetime import timedelta

from sqlmodel import select

from tests.forms import submit
from tests.functional.pages import text
from webapp.core import clock, request_keys
from webapp.openings.models import Opening

NEW = "/employer/openings/new/vacancy"


def vacancy(**changes):
    return {
        "title": "小区保洁员",
        "category": "家政",
        "description": "打扫楼道和电梯。买保险。",
        "city": "重庆市",
        "district": "九龙坡区",
        "town": "华岩镇",
        "estate": "华龙家园",
        "address": "3栋门口",
        "pay_text": "3000-4500元/月",
        "headcount": "2",
        "valid_until": (clock.today() + timedelta(days=30)).isoformat(),
        "education": "none",
        "skills": "打扫卫生\n拖地",
        "demands": ["standing", "walking"],
        "hours-0-days": ["1", "2", "3"],
        "hours-0-start": "08:30",
        "hours-0-end": "16:30",
        "idempotency_key": request_keys.fresh(),  # each page has its own
        **changes,
    }


def only_opening(db):
    with db.reader() as session:
        return session.exec(select(Opening)).one()


def publish(staff, opening_id, note="", version=None):
    page = f"/staff/openings/{opening_id}"
    html = text(staff.get(page))
    version = version or html.split('name="version"')[1].split('value="')[1].split('"')[0]
    return submit(staff, f"{page}/publish", {"version": version, "note": note}, page=page)

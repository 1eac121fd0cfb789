"""Make a quarter's spot checks: freeze the lists, have the samples drawn, take what was drawn."""

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock, receipt_codes
from webapp.core.access import SYSTEM
from webapp.core.errors import Conflict
from webapp.draws import order
from webapp.draws import service as draws
from webapp.draws.lifecycle import SeedSource
from webapp.draws.models import Draw, DrawEntry
from webapp.payment_checks.sampling import sample_size
from webapp.rulebook.figures import rule
from webapp.spot_checks import quarters
from webapp.spot_checks.lifecycle import SpotKind
from webapp.spot_checks.models import SpotCheck, SpotCheckLine
from webapp.spot_checks.queries import populations
from webapp.spot_checks.services import assigning, hands

SUBJECT = "spot_check"


def make(session: Session) -> int:
    """Make last quarter's checks (a job); return how many are to be looked at.

    There is one of each kind, and none where nothing was done. Safe to run again.
    """
    quarter = quarters.before(clock.today())
    return sum(_make(session, quarter, kind) for kind in SpotKind)


def _make(session: Session, quarter: str, kind: SpotKind) -> int:
    known = select(SpotCheck.id).where(SpotCheck.quarter == quarter, SpotCheck.kind == kind)
    if session.exec(known).first() is not None:
        return 0
    things = populations.of(session, kind, quarter)
    if not things:
        return 0
    on = clock.today()
    confidence = rule("spot_check_confidence_permille", on=on)
    margin = rule("spot_check_margin_permille", on=on)
    check = SpotCheck(
        quarter=quarter,
        kind=kind,
        population=len(things),
        sample=sample_size(
            len(things),
            confidence=confidence,
            margin=margin,
            all_below=rule("spot_check_all_below", on=on),
        ),
        confidence_permille=confidence,
        margin_permille=margin,
        list_hash="",
        made_at=clock.now(),
    )
    lines = [_line(session, kind, one) for one in things]
    _freeze(session, check, lines)
    session.add(check)
    session.flush()
    for line in lines:
        line.check_id = check.id
    session.add_all(lines)
    session.flush()
    audit.record(session, "spot_check.make", check, count=check.sample, digest=check.list_hash)
    if check.draw_id is None:
        _select(session, check, [line.id for line in lines])
    return check.sample


def _line(session: Session, kind: SpotKind, thing: int) -> SpotCheckLine:
    if kind is SpotKind.HIRE:
        whose = hands.whose_hire(session, thing)
    else:
        whose = hands.whose_ticket(session, thing)
    return SpotCheckLine(
        check_id=0,
        match_id=thing if kind is SpotKind.HIRE else None,
        ticket_id=thing if kind is SpotKind.TICKET else None,
        code=receipt_codes.fresh(),
        branch_id=whose.branch_id,
        member_id=whose.member_id,
    )


def _freeze(session: Session, check: SpotCheck, lines: list[SpotCheckLine]) -> None:
    """Publish the hash of the list: the draw's, or that of the codes where all are taken."""
    if check.sample == check.population:
        codes = [line.code for line in lines]
        check.list_hash = order.digest(all_text(check.quarter, check.kind, codes))
        return
    draw, entries = _draw(session, check)
    check.draw_id, check.list_hash = draw.id, draw.list_hash
    for line, entry in zip(lines, entries, strict=True):
        line.code, line.draw_entry_id = entry.code, entry.id


def all_text(quarter: str, kind: SpotKind, codes: list[str]) -> str:
    """Return the numbered list of a quarter of which all are looked at, as it is hashed."""
    lines = [f"quarter {quarter}", f"kind {kind.value}", f"population {len(codes)}"]
    lines += [f"{number} {code}" for number, code in enumerate(sorted(codes), 1)]
    return "".join(f"{line}\n" for line in lines)


def select_drawn(session: Session, *, draw_id: int) -> None:
    """Take the sample that a draw named: the first of its order."""
    check = session.exec(select(SpotCheck).where(SpotCheck.draw_id == draw_id)).one()
    drawn = session.exec(
        select(SpotCheckLine.id)
        .join(DrawEntry, col(DrawEntry.id) == SpotCheckLine.draw_entry_id)
        .where(SpotCheckLine.check_id == check.id, col(DrawEntry.rank) <= check.sample)
    )
    _select(session, check, list(drawn))


def draw_again(session: Session, *, draw_id: int) -> None:
    """Have the same list drawn from anew, since its draw was called off in time."""
    check = session.exec(select(SpotCheck).where(SpotCheck.draw_id == draw_id)).one()
    lines = session.exec(
        select(SpotCheckLine)
        .where(SpotCheckLine.check_id == check.id)
        .order_by(col(SpotCheckLine.id))
    ).all()
    _freeze(session, check, list(lines))
    session.add(check)
    session.add_all(lines)
    session.flush()


def _draw(session: Session, check: SpotCheck) -> tuple[Draw, list[DrawEntry]]:
    draw = draws.begin(
        session,
        SYSTEM,
        subject=f"{SUBJECT}:{check.quarter}:{check.kind.value}",
        title=_(
            "%(quarter)s%(kind)s，抽查哪些",
            quarter=quarters.words(check.quarter),
            kind=check.kind.label,
        ),
        places=check.sample,
    )
    entries = [draws.enter(session, draw.id) for _one in range(check.population)]
    source = SeedSource.SSQ
    draw = draws.freeze(
        session, SYSTEM, draw_id=draw.id, source=source, day=source.next_day(clock.today())
    )
    return draw, entries


def _select(session: Session, check: SpotCheck, line_ids: list[int]) -> None:
    session.exec(
        update(SpotCheckLine)
        .where(col(SpotCheckLine.id).in_(line_ids))
        .values(selected=True, due_on=clock.today() + assigning.days_to_look())
        .execution_options(synchronize_session=False)
    )
    done = session.exec(
        update(SpotCheck)
        .where(col(SpotCheck.id) == check.id, col(SpotCheck.selected_at).is_(None))
        .values(selected_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("刚才已经有人动过，请看看最新情况。"))
    session.refresh(check)
    audit.record(session, "spot_check.select", check)
    assigning.assign(session)

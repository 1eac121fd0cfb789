"""The payment list of a settlement run as a spreadsheet."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.labels import label
from webapp.piecework.models.money import SettlementRun
from webapp.piecework.services.payouts import PayRow

_WIDTHS = (8, 26, 30, 12, 14, 12, 14, 34, 12, 20, 20)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def workbook(
    run: SettlementRun, rows: Sequence[PayRow], accounts: Mapping[int, tuple[str, str]]
) -> bytes:
    """Return the list as .xlsx: a row for each assignment, amounts in yuan, a last row of sums.

    ``accounts`` are (name, account) by line, as the reader may see them. Texts that a spreadsheet
    program would run as a formula are marked as texts.
    """
    from openpyxl import Workbook  # brings numpy, which no page needs
    from openpyxl.styles import Font

    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("付款单")
    sheet.append([_("结算 %(a)s 到 %(b)s", a=run.period_from, b=run.period_to)])
    heads = (
        _("序号"), _("住处"), _("活"), _("工钱（元）"), _("扣除（元）"), _("实付（元）"),
        _("收款人"), _("账户"), _("怎么付"), _("凭据"), _("付的时间"),
    )  # fmt: skip
    sheet.append(list(heads))
    for number, row in enumerate(rows, start=1):
        name, account = accounts.get(row.line_id, ("", ""))
        paid = f"{clock.local(row.paid_at):%Y-%m-%d %H:%M}" if row.paid_at else ""
        sheet.append(
            [
                number,
                _text(row.unit_address),
                _text(row.title),
                row.gross_fen / 100,
                row.deduction_fen / 100,
                row.net_fen / 100,
                _text(name),
                _text(account),
                label(row.method) if row.method else _("没付"),
                _text(row.reference),
                paid,
            ]
        )
    sums = [run.gross_fen / 100, run.deduction_fen / 100, run.net_fen / 100]
    sheet.append(["", _("合计"), "", *sums])
    for row_number in (1, 2, sheet.max_row):
        for cell in sheet[row_number]:
            cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFGHIJK", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for cells in sheet.iter_rows(min_row=3, min_col=4, max_col=6):
        for cell in cells:
            cell.number_format = "#,##0.00"
    sheet.freeze_panes = "A3"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value

"""The workbench of the demo: no number without the list it counts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests import workbench
from tests.browser.conftest import DESK_SIZE

pytestmark = pytest.mark.browser
STAFF = "13800000003"


def test_fault_25_every_number_of_the_demo_is_true(open_page: Callable[..., Page]) -> None:
    page = open_page(STAFF, size=DESK_SIZE)

    def see(path: str) -> str:
        response = page.request.get(path)
        assert response.ok, (path, response.status)
        return response.text()

    assert len(workbench.numbers(see("/staff/"))) > 8
    assert workbench.untrue(see) == []

"""A run that has begun, and a second member of staff."""

import pytest
from flask import Flask

from tests.functional.training.world import NOON, World, make_world
from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.db import Database


@pytest.fixture
def world(app: Flask, db: Database) -> World:
    """Two people in a run of three meetings that has begun."""
    with clock.frozen(NOON):
        world = make_world(app, db, learners=2, enrolled=True)
    world.begin()
    return world


@pytest.fixture
def colleague(world: World) -> Actor:
    return world.colleague()

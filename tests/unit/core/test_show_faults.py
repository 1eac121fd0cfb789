"""What a service finds wrong stands beside the field, by the form's own name for it."""

from flask import Flask
from wtforms import Form, StringField

from webapp.core.errors import BadField, Fault, Incomplete
from webapp.core.formfields import show_faults

NAMES = {"headcount": "seats"}


class Seats(Form):
    title = StringField()
    seats = StringField()


def test_faults_stand_beside_their_fields():
    with Flask("forms").app_context():
        form = Seats()
        show_faults(form, BadField("headcount", "太多"), NAMES)
        faults = [Fault("title", "没写"), Fault("headcount", "太少"), Fault("pay", "没有工钱")]
        show_faults(form, Incomplete(faults), NAMES)
        assert list(form.title.errors) == ["没写"]
        assert list(form.seats.errors) == ["太多", "太少"]
        assert form.form_errors == ["没有工钱"]

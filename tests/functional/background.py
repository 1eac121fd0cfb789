"""Do the background jobs of a test now, as the scheduler would."""

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webapp.ops import background, scheduled_jobs


def do_jobs(app: Flask) -> int:
    """Do what waits; return how many jobs there were."""
    with app.app_context():
        return background.work(app.extensions["database"])


def run_job(app: Flask, name: str) -> str:
    """Do a scheduled job's work now; return what it reports."""
    (job,) = [one for one in scheduled_jobs.JOBS if one.name == name]
    with app.app_context():
        return job.work(app.extensions["database"])


def settled(browser: FlaskClient, response: TestResponse) -> TestResponse:
    """Do the job that a request started; the answer then leads where the job's page leads."""
    if response.status_code == 303:
        do_jobs(browser.application)
        if "/staff/jobs/" in response.headers["Location"]:
            ended = browser.get(response.headers["Location"], query_string={"follow": 1})
            if ended.status_code == 302:
                response.headers["Location"] = ended.headers["Location"]
    return response

"""`fumin retrain`: train a model from what staff decided."""

import click

from webapp.db import Database


@click.command()
@click.option("--no-switch", is_flag=True, help="Keep a better version as a candidate.")
def retrain(no_switch: bool) -> None:
    """Train a model from what staff decided; use it if it is better and as fair."""
    from webapp import create_app
    from webapp.learning import retraining, wording

    app = create_app()
    database: Database = app.extensions["database"]
    click.get_current_context().call_on_close(database.dispose)
    with app.test_request_context():
        version = retraining.retrain(database, switch=not no_switch)
        if version is None:
            raise click.ClickException("another training is going on")
        said = wording.verdict(version)
    click.echo(
        f"{version.name or 'no new version'}: {version.state.value} ({version.report['reason']})"
    )
    click.echo(said)

"""`fumin retrain`: train a model from what staff decided."""

import click

from webapp.core.cli_context import build_app


@click.command()
@click.option("--no-switch", is_flag=True, help="Keep a better version as a candidate.")
def retrain(no_switch: bool) -> None:
    """Train a model from what staff decided; use it if it is better and as fair."""
    from webapp.learning import presentation
    from webapp.learning.services import retraining

    app, database = build_app()
    with app.test_request_context():
        version = retraining.retrain(database, switch=not no_switch)
        if version is None:
            raise click.ClickException("another training is going on")
        said = presentation.verdict(version)
    click.echo(
        f"{version.name or 'no new version'}: {version.state.value} ({version.report['reason']})"
    )
    click.echo(said)

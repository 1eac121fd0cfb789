"""The commands of ``python -m matching``: each docstring is its help text."""

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from matching import file_commands
from matching.records import Opening, Ranked
from matching.utils import jsonl


class CommandError(Exception):
    """The command can't be run; the message says why."""


def _ranker(path: str | None) -> Any:
    if path is None:
        from matching.ranking.ranker import PriorRanker

        return PriorRanker()
    from matching.learning.persistence import load

    return load(path)


def _ranking_rows(ranking: Iterable[Ranked]) -> list[dict[str, Any]]:
    def notes(found: Iterable[Any]) -> list[dict[str, str]]:
        return [{"code": note.code, "text": note.text} for note in found]

    return [
        {
            "id": one.id,
            "score": one.score,
            "eligible": one.eligible,
            "reasons": notes(one.reasons),
            "gaps": notes(one.gaps),
        }
        for one in ranking
    ]


def _files_digest(*paths: str) -> str:
    found = hashlib.sha256()
    for path in paths:
        found.update(hashlib.sha256(Path(path).read_bytes()).digest())
    return found.hexdigest()


def fit(options: argparse.Namespace) -> None:
    """Train a ranker from ranking tasks and their labels.

    Learns from all tasks. When there are tasks of the split "valid", the figures kept in the model
    file are those of a ranker learned in the same way from all others, measured on these.

    With --feedback also, or alone, from what staff saw and decided: one ranking task a line, as
    in QUERIES, with "shown", a list of {"id", "position", "rank", "propensity", "decision",
    "outcome"}. "id" is one of the task's openings; "position" is where it stood, from 1, "rank"
    where the ranking alone had put it, "propensity" the chance in (0, 1] that it stood there;
    "decision" is "confirmed" or "dismissed"; "outcome" of a confirmed one is "declined",
    "no_reply", "applied", "refused", "hired", "left" or "retained". All but "id" may be missing.
    """
    from matching.learning.persistence import save
    from matching.learning.training import fit_from_files

    ranker, figures = fit_from_files(
        options.queries, options.labels, options.feedback, seed=options.seed
    )
    files = filter(None, (options.queries, options.labels, options.feedback))
    save(ranker, options.model, data_digest=_files_digest(*files), metrics=figures)


def rank(options: argparse.Namespace) -> None:
    """Rank the openings of each task, best first, with reasons and gaps.

    Without --model the shipped prior ranks, which needs no training data. Ineligible openings
    come last, with the hard rules they break.
    """
    from matching.ranking.ranker import rank as rank_task

    ranker = _ranker(options.model)
    tasks = jsonl.progress(jsonl.read_tasks(options.queries), "tasks ranked")
    rows = ({"qid": t.qid, "ranking": _ranking_rows(rank_task(t, ranker))} for t in tasks)
    jsonl.write_lines(options.output, rows)


def evaluate(options: argparse.Namespace) -> None:
    """Print nDCG@10, MRR and AUC per task with 95% bootstrap intervals, beside the baselines.

    Tasks without any chosen opening count for none of them.

    With --cv what "fit" would learn from these tasks is measured instead, by nested
    cross-validation: people are parted into so many folds, and those of each are ranked by what
    was learned from all others. Prints nDCG@10 with standard errors, and the paired gains.
    """
    from matching.evaluation import file_reports

    chosen: dict[str, Any] = {"split": options.split, "as_json": options.json}
    files = options.queries, options.labels
    if options.cv is None:
        text = file_reports.evaluation_report(*files, ranker=_ranker(options.model), **chosen)
    elif options.model is None:
        from matching.learning.match_ranker import MatchRanker

        learner = partial(MatchRanker, random_state=options.seed)
        chosen |= {"folds": options.cv, "seed": options.seed}
        text = file_reports.cross_validation_report(*files, learner, **chosen)
    else:
        raise CommandError("--cv fits models of its own, leave out --model")
    sys.stdout.write(text + "\n")


def suggest(options: argparse.Namespace) -> None:
    """Rank one catalogue for many seekers: eligible openings alone, best first.

    The output is the same whatever --workers and --scheduler are.

    Beside OUT the file OUT.since is written, which tells what each line was made from. With
    --since FORMER, an output that still has it, lines are taken from there wherever nothing they
    were made from has changed; the output is the same as without. Where an opening came, went or
    is worded differently, all words weigh differently and everything is done again. A former
    output of another version of the program or its tables, another model or another --top is
    refused.
    """
    file_commands.suggest_file(
        options.seekers,
        options.openings,
        options.output,
        top=options.top,
        ranker=_ranker(options.model),
        workers=options.workers,
        scheduler=options.scheduler,
        since=options.since,
    )


def plan(options: argparse.Namespace) -> None:
    """Assign a whole community at once, one line a seeker.

    Every seeker gets at most one opening, no opening is given out beyond its capacity, no pair
    breaks a hard rule: first as many seekers as possible, then the highest total score.

    With --households, piecework that says its "pieces", "hours_a_piece" and "weeks" (and, if it
    comes in packs, "pack") is shared by families: those the plan leaves without other work do it
    in the free hours they have together. Their lines also have "pieces", what their household is
    given, and "hours_a_week".
    """
    file_commands.plan_file(
        options.seekers,
        options.openings,
        options.output,
        ranker=_ranker(options.model),
        first=options.first,
        households=options.households,
    )


def pathways(options: argparse.Namespace) -> None:
    """Show what one step would unlock: a course, a certificate, a wider reach or other hours.

    One line a seeker: {"seeker", "pathways": [{"step", "what", "unlocks", "score", "best",
    "openings"}]}, the most valuable first. "unlocks" counts the work that would be open to them
    and is not now, "score" is the sum of its scores, "best" the highest, "openings" the best few.

    --courses writes which course to open next, one a line: {"course", "placed", "seats",
    "seekers"}: how many more people could be placed at once with it, and whom to train for that.
    """
    file_commands.pathways_file(
        options.seekers,
        options.openings,
        options.output,
        top=options.top,
        ranker=_ranker(options.model),
        courses=options.courses,
    )


def extract(options: argparse.Namespace) -> None:
    """Read the facts out of pasted texts: vacancies from a chat, residents from the counter.

    INPUT has one {"text"} a line, the output a line for each. For vacancies {"openings": [...]},
    each with "title", "headcount", "pay_min", "pay_max", "pay_unit", "place_words", "employer",
    "contact_phone", "hours_words", "education", "certificates", "welfare" and "illegal", the
    conditions that may not be published or must be looked at. For residents one person's "name",
    "age", "birth_year", "sex", "phone", "wanted", "skills", "certificates", "limits", "reach",
    "hours", "min_pay_month", "education", "experience" and "looking". What a text doesn't say is
    null or [].
    """
    file_commands.extract_file(options.kind, options.input, options.output)


def triage(options: argparse.Namespace) -> None:
    """Suggest for each ticket of a file where it goes and how urgent it is; a person decides.

    INPUT has one {"text"} a line, the output a line for each: "branch", "also", "urgency"
    ("danger", "utilities", "question", "ordinary", "complex"), "kind" ("request", "complaint",
    "help", "question", "thanks", "not_for_us"), "missing", what a clerk has to ask back,
    "external", the outside number that comes first, "private", "about_staff", and "dangers", the
    words that tell of danger to life or limb, which rules alone look for.
    """
    file_commands.triage_file(options.input, options.output)


def link(options: argparse.Namespace) -> None:
    """Link each phrase of standard input to known skills and occupations, one JSON a line."""
    from matching.skills.linker import link_lines

    _write_rows(link_lines(_standard_input(), options.top))


def search(options: argparse.Namespace) -> None:
    """Answer each query of standard input from OPENINGS, one JSON a line.

    A line is {"query", "near", "ranking": [{"id", "score", "near", "why": [{"code", "text"}]}]};
    "near" says that nothing holds all of the query and the nearest are shown.
    """
    from matching.search.index import index_openings, search_lines

    index = index_openings(jsonl.read_distinct(options.openings, Opening, "id"))
    _write_rows(search_lines(index, _standard_input(), options.top))


def trades(options: argparse.Namespace) -> None:  # noqa: ARG001 (one shape for all commands)
    """Fit the weights of the trade classifier to the tables of data/, which they are kept in.

    To be run after a change of skills.csv or work_sentences.csv; it takes about a minute.
    """
    from matching.skills import work_classifier

    weights = work_classifier.WorkWeights.fit(work_classifier.training_texts())
    weights.save(work_classifier.weights_path())


def matters(options: argparse.Namespace) -> None:  # noqa: ARG001 (one shape for all commands)
    """Fit the weights that tickets are read by to the tables of data/, which they are kept in.

    To be run after a change of ticket_matters.csv or ticket_signs.csv.
    """
    from matching.triage import classifier

    classifier.fit_default().save(classifier.weights_path())


def pay(options: argparse.Namespace) -> None:  # noqa: ARG001 (one shape for all commands)
    """Read the pay text on each line of standard input, one JSON a line, in yuan."""
    from matching.pay.parser import pay_lines

    _write_rows(pay_lines(_standard_input()))


def _standard_input() -> Iterator[str]:
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            yield line.decode().rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise jsonl.LineError("standard input", number, f"not UTF-8: {error}") from error


def _write_rows(rows: Iterable[Any]) -> None:
    import orjson

    for row in rows:
        sys.stdout.buffer.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def _positive_int(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def _scheduler_address(text: str) -> str:
    if "://" not in text:
        raise argparse.ArgumentTypeError("must be an address such as tcp://host:8786")
    return text


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(
        prog="python -m matching", description="Rank openings for people who look for work."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(run: Callable[[argparse.Namespace], None], *arguments: str) -> argparse.ArgumentParser:
        text = run.__doc__ or ""
        command = commands.add_parser(
            run.__name__,
            help=text.partition("\n")[0],
            description=text,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        for argument in arguments:
            command.add_argument(argument.lower(), metavar=argument)
        command.set_defaults(run=run)
        return command

    model: dict[str, Any] = {"metavar": "M", "help": "a model file; by default the shipped prior"}
    one = add(fit)
    one.add_argument("queries", metavar="QUERIES", nargs="?")
    one.add_argument("labels", metavar="LABELS", nargs="?")
    one.add_argument("--feedback", metavar="F", help="what staff saw and decided, a task a line")
    one.add_argument("--model", required=True, metavar="OUT", help="model file to write")
    one.add_argument("--seed", type=int, default=0, help="seed of all that is drawn (default 0)")
    one = add(rank, "QUERIES")
    one.add_argument("--model", **model)
    one.add_argument("--output", required=True, metavar="OUT", help="a name ending in .gz packs")
    one = add(evaluate, "QUERIES", "LABELS")
    one.add_argument("--model", **model)
    one.add_argument("--split", help="only the tasks of this split")
    one.add_argument("--cv", type=int, metavar="FOLDS", help="nested cross-validation, by person")
    one.add_argument("--seed", type=int, default=0, help="seed of what --cv draws (default 0)")
    one.add_argument("--json", action="store_true", help="JSON instead of a table")
    one = add(suggest, "SEEKERS", "OPENINGS")
    one.add_argument("--model", **model)
    one.add_argument("--top", type=_positive_int, default=20, help="openings a seeker (default 20)")
    one.add_argument("--output", required=True, metavar="OUT", help="a name ending in .gz packs")
    one.add_argument("--workers", type=_positive_int, default=1, help="processes (default 1)")
    one.add_argument("--since", metavar="FORMER", help="a former output; only changes are done")
    one.add_argument("--scheduler", type=_scheduler_address, help="a running Dask cluster, tcp://…")
    one = add(plan, "SEEKERS", "OPENINGS")
    one.add_argument("--model", **model)
    one.add_argument("--output", required=True, metavar="OUT", help="a name ending in .gz packs")
    one.add_argument("--first", metavar="GROUP", help="a priority whose coverage goes ahead")
    one.add_argument("--households", action="store_true", help="families share piecework")
    one = add(pathways, "SEEKERS", "OPENINGS")
    one.add_argument("--model", **model)
    one.add_argument("--top", type=_positive_int, default=10, help="steps a seeker (default 10)")
    one.add_argument("--output", required=True, metavar="OUT", help="a name ending in .gz packs")
    one.add_argument("--courses", metavar="OUT", help="also write which courses to open")
    one = add(extract)
    one.add_argument("kind", choices=["vacancies", "residents"], help="what the texts are about")
    one.add_argument("input", metavar="INPUT")
    one.add_argument("--output", required=True, metavar="OUT", help="a name ending in .gz packs")
    one = add(triage, "INPUT")
    one.add_argument("--output", required=True, metavar="OUT", help="a name ending in .gz packs")
    one = add(link)
    one.add_argument("--top", type=_positive_int, default=3, help="links a phrase (default 3)")
    one = add(search, "OPENINGS")
    one.add_argument("--top", type=_positive_int, default=20, help="openings a query (default 20)")
    add(trades)
    add(matters)
    add(pay)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 when it was refused (wrong usage exits with 2)."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except BrokenPipeError:
        # The reader of standard output has seen enough.
        sys.stderr.close()
        return 0
    except (CommandError, ValueError, OSError) as error:
        sys.stderr.write(f"python -m matching {options.command}: {error}\n")
        return 1
    return 0

"""``bluehook eval``: score bluehook, or a language model with and without its constitutions, on labelled corpora."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bluehook.check.model import Asker
    from bluehook.cli._session import Session
    from bluehook.evaluate.corpus import Case, Corpus
    from bluehook.evaluate.model import Told
    from bluehook.evaluate.questions import Asked, Mode
    from bluehook.evaluate.score import Said

_INCOMPLETE = 3


@click.command("eval", short_help="Score bluehook or a model on labelled cases.")
@click.argument("corpora", nargs=-1, required=True, metavar="CORPUS...", type=click.Path(path_type=Path))
@click.option(
    "--mode", type=click.Choice(["direct", "constitution"]), help="Ask a model: barely, or with constitutions."
)
@click.option(
    "--batch-out", type=click.Path(dir_okay=False, path_type=Path), help="Write the questions as a batch file."
)
@click.option("--batch-in", type=click.Path(dir_okay=False, path_type=Path), help="Score the results of a batch run.")
@click.option("--model", help="The model that --batch-out names; else the configured one.")
@click.option(
    "--answers-as", type=click.Choice(["json_schema", "json_object", "text"]), default="json_schema", show_default=True,
    help="How --batch-out asks for answers.",
)  # fmt: skip
@click.option(
    "--max-output", type=click.IntRange(min=50), help="Tokens that an answer may take, where the model thinks."
)
@click.option("--harmless", multiple=True, type=click.Path(path_type=Path), help="File whose safe cases are added.")
@click.option("--verify", is_flag=True, help="Attack in a sandbox what the scan finds.")
@click.option("--max-calls", type=click.IntRange(min=0), help="Calls to the endpoint; 0: no limit.")
@click.option("--by-cwe", is_flag=True, help="A row for each weakness of the labels.")
@click.option("--misses", is_flag=True, help="List what was missed, falsely flagged, or not answered.")
@click.option("--config", type=click.Path(path_type=Path), help="Use this configuration file and no other.")
def command(
    corpora: tuple[Path, ...],
    mode: Mode | None,
    batch_out: Path | None,
    batch_in: Path | None,
    model: str | None,
    answers_as: str,
    max_output: int | None,
    harmless: tuple[Path, ...],
    verify: bool,
    max_calls: int | None,
    by_cwe: bool,
    misses: bool,
    config: Path | None,
) -> int:
    """Score on CORPUS (JSON lines with id, task, unsafe, text): bluehook itself, or a language model with --mode.

    \b
    bluehook eval cases.jsonl                                            the local stages
    bluehook eval cases.jsonl --mode direct --batch-out requests.jsonl   questions for a batch run
    bluehook eval cases.jsonl --mode direct --batch-in results.jsonl     score its results
    bluehook eval cases.jsonl --mode constitution                        ask the configured endpoint
    """
    from bluehook.cli._session import Session
    from bluehook.evaluate import corpus, table

    if (batch_out or batch_in) and mode is None:
        raise click.UsageError("--batch-out and --batch-in need --mode direct or --mode constitution")
    if batch_out and batch_in:
        raise click.UsageError("give one of --batch-out and --batch-in")
    session = Session({"check.max-calls": max_calls}, config=config)
    found = [corpus.read(file, harmless) for file in corpora]
    if mode is None:
        click.echo(table.HEAD)
        for each in found:
            _local(session, each, verify, by_cwe, misses)
        return 0
    asked = [(each, _questions(session, each, mode)) for each in found]
    if batch_out is not None:
        return _write(session, asked, batch_out, model, answers_as, max_output)
    return _ask(session, asked, mode, batch_in, by_cwe, misses)


def _questions(session: Session, corpus: Corpus, mode: Mode) -> list[tuple[Case, Asked]]:
    from bluehook.evaluate import model
    from bluehook.knowledge import load

    return model.questions(corpus, mode, load(session.root))


def _local(session: Session, corpus: Corpus, attack: bool, by_cwe: bool, misses: bool) -> None:
    from bluehook import verify
    from bluehook.evaluate import local

    said = local.look(corpus, verify.Settings() if attack else None)
    _rows(corpus, "shown", said.shown, by_cwe=False, misses=False)
    _rows(corpus, "blocking", said.blocking, by_cwe=by_cwe, misses=misses)


def _write(
    session: Session,
    asked: list[tuple[Corpus, list[tuple[Case, Asked]]]],
    file: Path,
    model: str | None,
    answers_as: str,
    max_output: int | None,
) -> int:
    from bluehook.check import batch
    from bluehook.evaluate.model import written
    from bluehook.findings import BluehookError

    settings = session.configs.run.settings.check
    name = model or settings.model
    if not name:
        raise BluehookError("--batch-out needs the name of a model: give --model NAME or set BLUEHOOK_CHECK_MODEL")
    every = [each for _, questions in asked for each in questions]
    made = written(every, name, answers_as, max_output)  # type: ignore[arg-type]
    size = batch.write(file, made.lines)
    price = next((p for p in settings.prices if p.model == name), None)
    cost = "cost unknown (check.prices has no price for it)"
    if price is not None:
        most = (made.reads * price.input + made.writes * price.output) / 1_000_000
        cost = f"at most {most:.4f} at {price.input:g} and {price.output:g} for a million tokens"
    click.echo(
        f"{file}: {len(made.lines)} requests to {name}, {size} bytes, about {made.reads} tokens to read and at most "
        f"{made.writes} to write; {cost}"
    )
    return 0


def _ask(
    session: Session,
    asked: list[tuple[Corpus, list[tuple[Case, Asked]]]],
    mode: Mode,
    results: Path | None,
    by_cwe: bool,
    misses: bool,
) -> int:
    from bluehook.evaluate import table

    if results is not None:
        from bluehook.check.batch import Results

        read = Results(results)
        told = [(corpus, _answers(questions, read, 1)) for corpus, questions in asked]
        tokens = read.spend()
        click.echo(
            f"{results}: {read.lines} lines, {read.used} of them about these cases, {read.unread} not readable; "
            f"{tokens.input} tokens read and {tokens.output} written by {', '.join(tokens.models) or 'no model'}"
        )
    else:
        told, line = _live(session, asked)
        click.echo(line)
    click.echo(table.HEAD)
    unknown = 0
    for corpus, answers in told:
        _rows(corpus, mode, answers.said, by_cwe=by_cwe, misses=misses)
        for problem, count in answers.problems.most_common():
            click.echo(f"  unknown: {count} x {problem}")
        unknown += sum(answers.problems.values())
    return _INCOMPLETE if unknown and session.configs.run.settings.on_incomplete == "fail" else 0


def _live(
    session: Session, asked: list[tuple[Corpus, list[tuple[Case, Asked]]]]
) -> tuple[list[tuple[Corpus, Told]], str]:
    import msgspec

    from bluehook import report
    from bluehook.check.budget import Budget
    from bluehook.check.client import Client
    from bluehook.check.memory import Remembering
    from bluehook.findings import BluehookError

    run = session.configs.run.settings
    found = session.endpoint()
    if run.offline or found.endpoint is None:
        raise BluehookError(
            f"--mode asks an endpoint: {'offline' if run.offline else found.reason}; or --batch-out FILE"
        )
    settings = session.asking(found.endpoint)
    budget = Budget(settings.limits)
    client = Client(settings.endpoint, budget, timeout=settings.timeout)
    remembering = Remembering(client, session.cache, models=settings.endpoint.models)
    try:
        told = [(corpus, _answers(questions, remembering, settings.concurrency)) for corpus, questions in asked]
    finally:
        client.close()
    unknown = sum(sum(answers.problems.values()) for _, answers in told)
    spend = msgspec.structs.replace(
        budget.spend(), questions=remembering.asked, cached=remembering.cached, unknown=unknown
    )
    return told, report.spent(spend)


def _answers(questions: list[tuple[Case, Asked]], asker: Asker, concurrency: int) -> Told:
    from bluehook.evaluate.model import answers

    return answers(questions, asker, concurrency=concurrency)


def _rows(corpus: Corpus, name: str, said: dict[str, Said], *, by_cwe: bool, misses: bool) -> None:
    from bluehook.evaluate import table
    from bluehook.evaluate.score import score

    click.echo(table.row(f"{corpus.name}, {name}", score(corpus.cases, said)))
    if by_cwe:
        for cwe in sorted({case.cwe for case in corpus.cases if case.cwe is not None}):
            own = [case for case in corpus.cases if case.cwe == cwe]
            click.echo(table.row(f"  CWE-{cwe}", score(own, said)))
    if misses:
        for case in corpus.cases:
            answer = said.get(case.id, "unknown")
            if answer != ("unsafe" if case.unsafe else "safe"):
                kind = "false alarm" if answer == "unsafe" else "missed" if answer == "safe" else answer
                click.echo(f"  {kind} {case.id}")

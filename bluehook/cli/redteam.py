"""``bluehook redteam``: mutate injections against the local judge, and tell which strategies get past it."""

from __future__ import annotations

import json
from collections import Counter

import click


@click.command("redteam", short_help="Attack the judge of instructions, and report by strategy.")
@click.argument("what", type=click.Choice(["instructions"]))
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed makes the same attacks.")
@click.option("--count", type=click.IntRange(1, 2000), default=200, show_default=True, help="Texts to mutate.")
@click.option("--surface", default="prompt", show_default=True, help="Where the judge is told that the texts stand.")
@click.option("--examples", type=click.IntRange(0, 50), default=0, show_default=True, help="Evasions to show.")
@click.option("--format", "-f", "form", type=click.Choice(["console", "json"]), default="console", show_default=True)
def command(what: str, seed: int, count: int, surface: str, examples: int, form: str) -> int:
    """Rewrite, disguise, split, encode and nest own injections until they evade the local judge or the budget ends.

    \b
    bluehook redteam instructions --seed 7 --examples 5
    """
    from bluehook.redteam import mutate, orders
    from bluehook.text.judge import judge
    from bluehook.text.judgement import Band, Surface, Task

    try:
        where = Surface(surface)
    except ValueError:
        raise click.UsageError(f"--surface is one of {', '.join(s.value for s in Surface)}") from None

    def passes(text: str) -> bool:
        judged = judge(text, surface=where, tasks=(Task.INJECTING,))
        return judged.opinions[0].band.rank < Band.WARN.rank

    texts = [item.text for item in orders.instances(seed) if item.unsafe]
    texts = texts[:: max(1, len(texts) // count)][:count]
    stopped = [text for text in texts if not passes(text)]
    attacks = [mutate.attack(text, passes, seed) for text in stopped]
    past = [attack for attack in attacks if attack.strategies]
    tried = Counter(name for attack in attacks for name in attack.tried)
    evading = Counter(name for attack in past for name in attack.strategies)
    if form == "json":
        report = {
            "seed": seed,
            "texts": len(texts),
            "stopped": len(stopped),
            "evaded": len(past),
            "strategies": {name: {"tried": tried[name], "evaded": evading[name]} for name in mutate.STRATEGIES},
            "examples": [{"text": a.text, "mutated": a.mutated, "strategies": a.strategies} for a in past[:examples]],
        }
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
        return 0
    click.echo(f"{len(stopped)} of {len(texts)} injections are stopped as they stand, as {where.value}.")
    click.echo(f"{len(past)} of these get past after at most {mutate.BUDGET} mutations each. By strategy:")
    for name in mutate.STRATEGIES:
        click.echo(f"  {name:10s} in {tried[name]:5d} mutations, {evading[name]:4d} of them evade")
    for attack in past[:examples]:
        click.echo(f"\n{', '.join(attack.strategies)}:\n{attack.mutated}")
    return 0

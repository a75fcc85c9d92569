"""The table that `make accuracy` prints."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.accuracy.figures import Card, Figures, share, worst

_HEAD = (
    f"{'':22}{'n':>4}{'F1':>7}{'num':>7}{'perfect':>9}{'verified / able':>17}{'silent':>8}"
    f"{'CPU s: median':>15}{'p95':>7}{'max':>7}{'MiB: median':>13}{'max':>6}"
)
_MISTAKES_SHOWN = 4


def table(groups: Mapping[str, Figures], cards: Sequence[Card], *, kinds: bool) -> str:
    """Figures a group, then the worst cards; with `kinds` those of each kind of cell too."""
    lines = [_HEAD, *(_line(name, figures) for name, figures in groups.items())]
    if kinds:
        lines += ["", *_kinds(groups["all"])]
    imperfect = worst(cards)
    if imperfect:
        lines += ["", "The worst:", *map(_card, imperfect)]
    return "\n".join(lines)


def to_json(groups: Mapping[str, Figures], cards: Sequence[Card]) -> dict[str, Any]:
    """The same and every card, ready for JSON."""
    return {
        "groups": {name: figures.to_json() for name, figures in groups.items()},
        "kinds": {
            kind: {"right": cells.right, "wrong": cells.wrong, "missed": cells.missed}
            for kind, cells in groups["all"].kinds.items()
        },
        "cards": {card.stem: _card_json(card) for card in cards},
    }


def _line(name: str, of: Figures) -> str:
    verified = f"{of.verified}/{of.verifiable}"
    return (
        f"{name:22}{of.cards:4}{_fixed(of.f1):>7}{_fixed(of.num):>7}{of.perfect:9.2f}"
        f"{verified:>17}{of.silent:8}{of.cpu_median:15.2f}{of.cpu_p95:7.2f}{of.cpu_max:7.2f}"
        f"{of.memory_median:13.0f}{of.memory_max:6.0f}"
    )


def _kinds(of: Figures) -> list[str]:
    lines = [f"{'kind':14}{'n':>7}{'precision':>11}{'recall':>8}"]
    for kind, cells in of.kinds.items():
        precision = share(cells.right, cells.right + cells.wrong)
        recall = share(cells.right, cells.right + cells.missed)
        count = cells.right + cells.missed
        lines.append(f"{kind:14}{count:7}{_fixed(precision):>11}{_fixed(recall):>8}")
    return lines


def _card(card: Card) -> str:
    score = card.score
    what = f"{score.right} of {score.numbers} numbers, {score.silent} silent"
    if card.cost.error is not None:
        return f"  {card.stem}: {what}; {card.cost.error}"
    shown = "; ".join(
        f"{mistake.kind} of {mistake.where} {mistake.true} read as {_read(mistake.read)}"
        for mistake in score.mistakes[:_MISTAKES_SHOWN]
    )
    more = len(score.mistakes) - _MISTAKES_SHOWN
    return f"  {card.stem}: {what}: {shown}{f' and {more} more' if more > 0 else ''}"


def _read(value: Any) -> str:
    return "nothing" if value is None else str(value)


def _fixed(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _card_json(card: Card) -> dict[str, Any]:
    score = card.score
    return {
        "layout": card.layout,
        "level": card.level,
        "numbers": score.numbers,
        "right": score.right,
        "perfect": score.perfect,
        "innings": score.innings,
        "verifiable": score.verifiable,
        "verified": score.verified,
        "silent": score.silent,
        "cpu_seconds": round(card.cost.cpu_seconds, 3),
        "peak_mib": round(card.cost.peak_mib, 1),
        "error": card.cost.error,
        "mistakes": [
            {"kind": each.kind, "where": each.where, "true": each.true, "read": each.read}
            for each in score.mistakes
        ],
    }

"""The tables that `python -m benchmarks.budget` prints."""

from collections.abc import Mapping

from benchmarks.budget.worth import ALL, Budget, Worth

_LOOKS = (
    f"{'':18}{'pictures':>10}{'CPU ms':>9}{'bought':>9}{'spoilt':>9}{'verified':>10}"
    f"{'silenced':>10}{'a second':>10}"
)


def table(of: Mapping[str, Budget]) -> str:
    """The stages, a level a column; then the looks of each level."""
    lines = _stages(of)
    for level, budget in of.items():
        lines += ["", f"Looks: {level}, {budget.cards} cards", _LOOKS]
        lines += [_look(look.value, worth) for look, worth in budget.looks.items()]
    return "\n".join(lines)


def _stages(of: Mapping[str, Budget]) -> list[str]:
    lines = [f"{'CPU ms a card':18}{''.join(f'{level:>10}' for level in of)}"]
    for stage in of[ALL].stages:
        cells = (f"{budget.stages.get(stage, 0.0):10.0f}" for budget in of.values())
        lines.append(f"{stage:18}{''.join(cells)}")
    cells = (f"{budget.cpu_ms:10.0f}" for budget in of.values())
    return [*lines, f"{'together':18}{''.join(cells)}"]


def _look(name: str, of: Worth) -> str:
    a_second = "-" if of.a_second is None else f"{of.a_second:.1f}"
    return (
        f"{name:18}{of.pictures:10.1f}{of.cpu_ms:9.1f}{of.bought:9}{of.spoilt:9}{of.verified:+10}"
        f"{of.silenced:+10}{a_second:>10}"
    )

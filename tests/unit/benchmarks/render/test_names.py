import pytest

from benchmarks.render.names import NameStyle, dismissal, naming

PLAYERS = ["SPD Smith", "DM de Silva", "AB Jones", "CD Jones", "Mohammad Rizwan"]


@pytest.mark.parametrize(
    ("style", "names"),
    [
        (NameStyle.AS_GIVEN, PLAYERS),
        (
            NameStyle.DOTTED,
            ["S.P.D. Smith", "D.M. de Silva", "A.B. Jones", "C.D. Jones", "Mohammad Rizwan"],
        ),
        (NameStyle.SURNAME, ["Smith", "de Silva", "AB Jones", "CD Jones", "Mohammad Rizwan"]),
        (
            NameStyle.CAPITAL_SURNAME_FIRST,
            ["SMITH SPD", "DE SILVA DM", "JONES AB", "JONES CD", "MOHAMMAD RIZWAN"],
        ),
    ],
)
def test_names_are_written_in_the_style_of_the_card(style: NameStyle, names: list[str]) -> None:
    assert list(map(naming(PLAYERS, style), PLAYERS)) == names


@pytest.mark.parametrize(
    ("how_out", "printed"),
    [
        ("c DM de Silva b SPD Smith", "c de Silva b Smith"),
        ("c & b SPD Smith", "c & b Smith"),
        ("c sub (AB Jones) b SPD Smith", "c sub (AB Jones) b Smith"),
        ("c sub b SPD Smith", "c sub b Smith"),
        ("lbw b SPD Smith", "lbw b Smith"),
        ("b SPD Smith", "b Smith"),
        ("run out (DM de Silva/SPD Smith)", "run out (de Silva/Smith)"),
        ("run out", "run out"),
        ("retired hurt", "retired hurt"),
    ],
)
def test_players_within_a_dismissal_are_named_alike(how_out: str, printed: str) -> None:
    name = naming(PLAYERS, NameStyle.SURNAME)
    assert dismissal(how_out, name, name) == printed

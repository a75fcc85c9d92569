from pipeline.scorecard.bands import Band
from pipeline.scorecard.header import TableKind
from pipeline.scorecard.roles import name_bands
from pipeline.scorecard.vocabulary import Column


def bands(*columns: Column | None) -> list[Band]:
    return [Band(100 * n, 100 * n + 30, column) for n, column in enumerate(columns)]


def test_batting_columns_without_a_head_follow_from_the_strike_rate() -> None:
    rows = [["195", "368", "19", "1", "52.99"], ["10", "11", "2", "0", "90.91"]]
    assert name_bands(TableKind.BATTING, bands(*[None] * 5), rows) == (
        Column.RUNS,
        Column.BALLS,
        Column.FOURS,
        Column.SIXES,
        Column.STRIKE_RATE,
    )


def test_an_unusual_order_follows_from_the_arithmetic() -> None:
    rows = [["52.99", "368", "195"], ["90.91", "11", "10"], ["52.32", "151", "79"]]
    assert name_bands(TableKind.BATTING, bands(*[None] * 3), rows) == (
        Column.STRIKE_RATE,
        Column.BALLS,
        Column.RUNS,
    )


def test_bowling_columns_without_a_head_follow_from_the_economy() -> None:
    rows = [["28", "3", "119", "1", "4.25"], ["9.1", "1", "34", "2", "3.71"]]
    assert name_bands(TableKind.BOWLING, bands(*[None] * 5), rows) == (
        Column.OVERS,
        Column.MAIDENS,
        Column.RUNS,
        Column.WICKETS,
        Column.ECONOMY,
    )


def test_two_columns_of_a_television_card_are_runs_and_balls() -> None:
    rows = [["46", "49"], ["3", "17"], ["0", "4"]]
    assert name_bands(TableKind.BATTING, bands(None, None), rows) == (Column.RUNS, Column.BALLS)


def test_a_head_that_was_read_is_kept() -> None:
    rows: list[list[str | None]] = [["12", "20", None], ["7", "9", "1"]]
    assert name_bands(TableKind.BATTING, bands(Column.RUNS, None, Column.FOURS), rows) == (
        Column.RUNS,
        Column.BALLS,
        Column.FOURS,
    )


def test_rates_overrule_a_misread_head() -> None:
    rows = [
        ["7", "0", "18", "1", "2.57"],
        ["10", "0", "63", "1", "6.3"],
        ["7", "1", "37", "2", "5.28"],
        ["10", "0", "26", "0", "2.6"],
    ]
    heads = bands(None, Column.MAIDENS, Column.WICKETS, None, Column.ECONOMY)
    assert name_bands(TableKind.BOWLING, heads, rows) == (
        Column.OVERS,
        Column.MAIDENS,
        Column.RUNS,
        Column.WICKETS,
        Column.ECONOMY,
    )


def test_where_the_heads_leave_the_usual_order_it_says_nothing_of_the_column_without_one() -> None:
    rows = [
        ["1", "27", "4", "0", "6.75"],
        ["1", "24", "4", "0", "6.00"],
        ["2", "11", "4", "1", "2.75"],
    ]
    heads = bands(Column.WICKETS, Column.RUNS, Column.OVERS, None, Column.ECONOMY)
    assert name_bands(TableKind.BOWLING, heads, rows)[3] is Column.MAIDENS


def test_noughts_are_no_minutes_though_a_six_was_misread() -> None:
    rows = [
        ["12", "15", "1", "0", "80.0"],
        ["25", "32", "3", "0", "78.1"],
        ["5", "6", "1", "9", "83.3"],
        ["2", "4", "0", "0", "50.0"],
    ]
    assert name_bands(TableKind.BATTING, bands(*[None] * 5), rows)[3] is Column.SIXES

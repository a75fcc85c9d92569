from benchmarks.cards import Card, share_right
from benchmarks.throughput.documents import old_document

TRUTH = {
    "match": {},
    "innings": [
        {
            "batting": [{"name": "A Bowler", "runs": 12, "balls": 30}],
            "total": {"runs": 140},
        },
        {"total": {"runs": 139}},
    ],
}


def test_what_the_old_worker_read_rightly_counts_as_right() -> None:
    read = old_document(
        {
            "batting": [{"name": "A Bowler", "runs": "12", "balls": "30"}],
            "total": ["140", "139"],
        }
    )

    assert share_right([Card(b"", TRUTH)], [read]) == 1


def test_what_it_did_not_read_counts_as_wrong() -> None:
    read = old_document({"batting": [], "total": ["140"]})

    assert share_right([Card(b"", TRUTH)], [read]) == 1 / 4


def test_a_text_without_figures_is_a_document_too() -> None:
    assert share_right([Card(b"", TRUTH)], [old_document({"batting": [], "total": []})]) == 0


def test_without_truth_there_is_no_share() -> None:
    assert share_right([Card(b"")], [{}]) is None

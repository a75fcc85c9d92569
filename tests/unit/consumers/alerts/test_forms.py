import json
from dataclasses import replace

import pytest

from consumers.alerts.finding import Alert
from consumers.alerts.forms import Form, body, form_of
from tests.unit.consumers.alerts.views import NOON, seconds

ALERT = Alert(
    name="upload_slow",
    severity="critical",
    text="Upload u1 <is> slow & odd.",
    command="cricksy-ocr why u1",
    uploads=("u1", "u2"),
    more_uploads=3,
    consumer="a-0",
    since=NOON,
    fired_at=NOON + seconds(10),
    seen_by="b",
)
RESOLVED = replace(ALERT, resolved_at=NOON + seconds(60))
STREAM = "{ocr}:uploads"


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("https://hooks.slack.com/services/T0/B0/xyz", Form.SLACK),
        ("http://alertmanager:9093/api/v2/alerts", Form.ALERTMANAGER),
        ("https://example.org/hook", Form.JSON),
    ],
)
def test_the_form_is_known_by_the_address(url: str, form: Form) -> None:
    assert form_of(url) is form


@pytest.mark.parametrize("form", Form)
def test_every_form_is_json(form: Form) -> None:
    assert json.loads(json.dumps(body(form, ALERT, STREAM, NOON)))


def test_ours_names_uploads_consumer_cause_since_and_the_next_command() -> None:
    told = body(Form.JSON, ALERT, STREAM, NOON)

    assert told["status"] == "firing"
    assert (told["alert"], told["severity"], told["stream"]) == ("upload_slow", "critical", STREAM)
    assert (told["uploads"], told["more_uploads"]) == (["u1", "u2"], 3)
    assert (told["consumer"], told["command"]) == ("a-0", "cricksy-ocr why u1")
    assert told["since"] == "2026-05-01T12:00:00+00:00"
    assert told["runbook"] == "docs/operations.md#upload-slow"
    assert body(Form.JSON, RESOLVED, STREAM, NOON)["status"] == "resolved"


def test_alertmanager_tells_alerts_apart_by_labels_that_do_not_change() -> None:
    (first,) = body(Form.ALERTMANAGER, ALERT, STREAM, NOON)
    (later,) = body(Form.ALERTMANAGER, replace(ALERT, text="Other."), STREAM, NOON + seconds(60))

    assert first["labels"] == later["labels"]
    assert first["labels"]["alertname"] == "upload_slow"
    assert first["startsAt"] == later["startsAt"] == "2026-05-01T12:00:10+00:00"
    assert first["annotations"]["uploads"] == "u1, u2 and 3 more"


def test_alertmanager_hears_of_an_end_in_the_future_until_it_is_resolved() -> None:
    (firing,) = body(Form.ALERTMANAGER, ALERT, STREAM, NOON)
    (resolved,) = body(Form.ALERTMANAGER, RESOLVED, STREAM, NOON)

    assert firing["endsAt"] == "2026-05-01T12:04:00+00:00"
    assert resolved["endsAt"] == "2026-05-01T12:01:00+00:00"


def test_slack_gets_a_text_in_its_own_mark_up() -> None:
    text = body(Form.SLACK, ALERT, STREAM, NOON)["text"]

    assert text.startswith(":rotating_light: *Firing* `upload_slow` (critical)")
    assert "Upload u1 &lt;is&gt; slow &amp; odd." in text
    assert "Next: `cricksy-ocr why u1`" in text
    assert "*Resolved*" in body(Form.SLACK, RESOLVED, STREAM, NOON)["text"]

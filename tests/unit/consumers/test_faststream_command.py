from consumers.cli.faststream import complete


def test_the_module_alone_is_completed() -> None:
    assert complete(["run", "consumers.app", "--workers", "2"]) == [
        "run",
        "consumers.app:app",
        "--workers",
        "2",
    ]


def test_everything_else_goes_on_untouched() -> None:
    arguments = ["run", "consumers.app:app", "--workers=2", "other.app"]
    assert complete(arguments) == arguments

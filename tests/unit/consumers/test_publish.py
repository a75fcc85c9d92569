import pytest

from consumers.publish import content_type_of, object_key, split_s3_uri


@pytest.mark.parametrize(
    ("filename", "safe"),
    [
        ("card.jpg", "card.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\cards\\final 2024.png", "final_2024.png"),
        (".env", "env"),
        ("", "upload"),
        ("карта.jpg", "_.jpg"),
        ("a/b/..", "upload"),
    ],
)
def test_no_filename_leaves_its_folder(filename: str, safe: str) -> None:
    assert object_key("id1", filename) == f"uploads/id1/{safe}"


def test_a_long_name_keeps_its_ending() -> None:
    assert object_key("id1", "x" * 300 + ".jpg").endswith(".jpg")
    assert len(object_key("id1", "x" * 300 + ".jpg")) < 130


def test_an_s3_uri_is_bucket_and_prefix() -> None:
    assert split_s3_uri("s3://cards/2024/june") == ("cards", "2024/june")
    assert split_s3_uri("s3://cards") == ("cards", "")


def test_the_content_type_follows_the_name() -> None:
    assert content_type_of("a.PNG") == "image/png"
    assert content_type_of("IMG_0001.HEIC") == "image/heic"
    assert content_type_of("scan.tif") == "image/tiff"
    assert content_type_of("a") == "application/octet-stream"

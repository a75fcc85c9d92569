"""The operator's command, `cricksy-ocr`."""

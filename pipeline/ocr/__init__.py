"""The only place that calls Tesseract: runs of ink in, words out."""

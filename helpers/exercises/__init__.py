"""The exercises and predictions: one registry per lesson, `lesson_03.py`, on `check.py` and `predict.py`."""

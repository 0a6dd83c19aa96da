"""Tools for those who write lessons; learners need none of them."""

"""Small from-scratch helpers of the lessons: the formulas, in NumPy, as the lessons derive them."""

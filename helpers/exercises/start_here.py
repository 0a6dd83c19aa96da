"""The one prediction of lesson 00, which is no lesson to be counted on the map."""

from helpers.exercises.predict import Prediction

ten_times_less = Prediction(
    name="ten_times_less",
    question="A network is shown a cat and gives “cat” the probability g = 0.1. It pays the loss −ln g = "
             "2.3. What does it pay when it gives “cat” only 0.01?",
    options={
        "Ten times as much, 23: it is ten times as wrong.":
            "so it would be with the loss 1/g. The logarithm makes *plus 2.3* of *times ten*.",
        "A little more, about 2.4: the probability has changed by 0.09 only.":
            "that is how a loss works that looks at differences, like the squared error: (1 − g)² goes from "
            "0.81 to 0.98. This one looks at ratios.",
        "The same: wrong is wrong.":
            "that is how accuracy counts. The loss goes on asking *how* wrong.",
        "Twice as much, 4.6: each time that g is divided by 10 costs another 2.3.":
            "0.01 is 0.1 · 0.1, and the logarithm of a product is a sum. So being sure and wrong has no "
            "upper price: at g = 0 the loss is infinite.",
    },
    answer="Twice as much, 4.6: each time that g is divided by 10 costs another 2.3.",
)  # fmt: skip

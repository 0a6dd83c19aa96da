"""The figures of the lessons that do not move, and the drawing style that they share with the explorers."""

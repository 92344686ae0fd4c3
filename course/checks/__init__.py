"""What a test cell calls: named checks with partial credit, a card a person can read, and the number of points.

    with exercise("gp2-baseline", points=3) as check:
        check("gp2 gives 3 IOPS for each GiB", baseline_iops, 100, expected=300)
    check.score

A check takes the learner's function with its arguments, or a value, and compares plain data.
It knows no section and no emulator.
"""

from course.checks.graded_exercise import Exercise, exercise

__all__ = ["Exercise", "exercise"]

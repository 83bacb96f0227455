"""What the fit does with rare outputs."""

import pytest

from services.classify.learning.fit import lifted
from services.classify.learning.train import options_for


def test_a_rare_output_is_raised_and_a_common_one_lowered() -> None:
    common, rare = lifted((0.0, 0.0), (90, 10))
    assert common < 0 < rare
    assert rare - common == pytest.approx(0.2 * 2.197225, abs=1e-5)  # 0.2 * ln 9


def test_outputs_alike_often_keep_their_biases() -> None:
    assert lifted((0.5, -0.25), (7, 7)) == (0.5, -0.25)


def test_an_output_without_a_row_keeps_its_bias_and_so_do_all_when_there_is_no_row() -> None:
    assert lifted((0.1, 0.2, 0.3), (5, 0, 5)) == (0.1, 0.2, 0.3)
    assert lifted((0.1, 0.2), (0.0, 0.0)) == (0.1, 0.2)


def test_only_many_rows_tell_which_groups_are_rare() -> None:
    assert not options_for(2999).lift
    assert options_for(3000).lift
